package io.podnet.api;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A directory of records, each a file that is replaced by write, fsync and rename, so that a reader sees the old or the
 * new one. Safe for any thread, since each file has its own temporary name and the caller serialises one record.
 */
final class RecordFiles {
    private static final String TEMPORARY = ".tmp@";
    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final Set<StandardOpenOption> REPLACE =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);

    private final Path directory;

    RecordFiles(Path directory) {
        this.directory = directory;
    }

    /** Opens a directory for its only writer, without what an earlier one left half written. */
    static RecordFiles open(Path directory) {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, TEMPORARY + "*")) {
            for (Path file : left) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new PodnetException.StateFailure("records in " + directory + " cannot be opened: " + e, e);
        }
        return new RecordFiles(directory);
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    void replace(String name, String record) {
        Path file = file(name);
        Path temporary = file(TEMPORARY + name);
        try {
            whateverInterrupts(() -> {
                ByteBuffer text = StandardCharsets.UTF_8.encode(record);
                try (FileChannel channel = FileChannel.open(temporary, REPLACE, PRIVATE)) {
                    while (text.hasRemaining()) {
                        channel.write(text);
                    }
                    channel.force(false);
                }
            });
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            forceDirectory();
        } catch (IOException e) {
            throw new PodnetException.StateFailure("record " + file + " cannot be written: " + e, e);
        }
    }

    private void forceDirectory() throws IOException {
        whateverInterrupts(() -> {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        });
    }

    /** Work with a channel that may be done again from the start. */
    private interface Repeatable {
        void run() throws IOException;
    }

    /**
     * An interrupt closes the channel that its thread is in ({@link ClosedByInterruptException}), and would leave a teardown
     * half recorded. The work is done all the same; the thread finds its interrupt afterwards.
     */
    private static void whateverInterrupts(Repeatable work) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    work.run();
                    return;
                } catch (ClosedByInterruptException again) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    Optional<String> read(String name) {
        Path file = file(name);
        try {
            return Optional.of(Files.readString(file));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException e) {
            throw new PodnetException.StateFailure("record " + file + " cannot be read: " + e, e);
        }
    }

    List<String> names() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith(TEMPORARY))
                    .toList();
        } catch (NoSuchFileException absent) {
            return List.of();
        } catch (IOException e) {
            throw new PodnetException.StateFailure("records in " + directory + " cannot be listed: " + e, e);
        }
    }

    void remove(String name) {
        Path file = file(name);
        try {
            if (Files.deleteIfExists(file)) {
                forceDirectory();
            }
        } catch (IOException e) {
            throw new PodnetException.StateFailure("record " + file + " cannot be removed: " + e, e);
        }
    }
}
