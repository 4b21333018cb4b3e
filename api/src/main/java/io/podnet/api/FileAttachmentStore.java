package io.podnet.api;

import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.AttachmentStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Records as files, one for each attachment, replaced by write, fsync and rename, so that a reader sees the old or the
 * new one. Safe for any thread, since each file has its own temporary name and the caller serialises one attachment.
 */
final class FileAttachmentStore implements AttachmentStore {
    // '@' is in no CNI id, so the first one in the name ends the sandbox id.
    private static final char SEPARATOR = '@';
    private static final String TEMPORARY = ".tmp";
    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final Set<StandardOpenOption> REPLACE =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);

    private final Path directory;

    FileAttachmentStore(Path directory) {
        this.directory = directory;
    }

    /** Opens the store for its only writer, without what an earlier one left half written. */
    static FileAttachmentStore open(Path directory) {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, TEMPORARY + SEPARATOR + "*")) {
            for (Path file : left) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new PodnetException.StateFailure("records in " + directory + " cannot be opened: " + e, e);
        }
        return new FileAttachmentStore(directory);
    }

    private Path file(AttachmentId id) {
        return directory.resolve(id.sandboxId() + SEPARATOR + id.ifName());
    }

    @Override
    public void write(AttachmentRecord record) {
        Path file = file(record.id());
        Path temporary = file.resolveSibling(TEMPORARY + SEPARATOR + file.getFileName());
        ByteBuffer text = StandardCharsets.UTF_8.encode(RecordText.write(record));
        try {
            try (FileChannel channel = FileChannel.open(temporary, REPLACE, PRIVATE)) {
                while (text.hasRemaining()) {
                    channel.write(text);
                }
                channel.force(false);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            forceDirectory();
        } catch (IOException e) {
            throw new PodnetException.StateFailure("record " + file + " cannot be written: " + e, e);
        }
    }

    private void forceDirectory() throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public Optional<AttachmentRecord> read(AttachmentId id) {
        return read(file(id));
    }

    private static Optional<AttachmentRecord> read(Path file) {
        try {
            return RecordText.read(file, Files.readString(file));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException e) {
            throw new PodnetException.StateFailure("record " + file + " cannot be read: " + e, e);
        }
    }

    @Override
    public List<AttachmentRecord> list() {
        List<AttachmentRecord> records = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                if (!file.getFileName().toString().startsWith(TEMPORARY)) {
                    read(file).ifPresent(records::add);
                }
            }
        } catch (NoSuchFileException absent) {
            return List.of();
        } catch (IOException e) {
            throw new PodnetException.StateFailure("records in " + directory + " cannot be listed: " + e, e);
        }
        records.sort(Comparator.comparing(AttachmentRecord::created)
                .thenComparing(record -> record.id().sandboxId()));
        return records;
    }

    @Override
    public void remove(AttachmentId id) {
        Path file = file(id);
        try {
            if (Files.deleteIfExists(file)) {
                forceDirectory();
            }
        } catch (IOException e) {
            throw new PodnetException.StateFailure("record " + file + " cannot be removed: " + e, e);
        }
    }
}
