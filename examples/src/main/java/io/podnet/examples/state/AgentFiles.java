package io.podnet.examples.state;

import io.podnet.api.PodId;
import io.podnet.api.PodnetException;
import io.podnet.examples.manifest.ObjectKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** A directory of small files that are replaced as a whole. Writing is for one thread, reading for everybody. */
final class AgentFiles {
    private static final String TEMPORARY = ".tmp";
    private static final int READABLE_NAME = 180;
    private static final FileAttribute<?> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> PRIVATE_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final Set<StandardOpenOption> REPLACE =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);

    private final Path directory;

    AgentFiles(Path directory) {
        this.directory = directory;
    }

    static Path root(Path stateDirectory) {
        return stateDirectory.resolve("agent");
    }

    /** A file name for an object: pods as ever, others with their kind before a sign that is in no name's grammar. */
    static String nameOf(ObjectKey key) {
        String name = nameOf(key.namespace(), key.name());
        return key.kind() == ObjectKey.Kind.POD ? name : key.kind().text() + "+" + name;
    }

    /** A file name for a pod: '_' is in neither part's grammar; names that are too long end in a digest. */
    static String nameOf(PodId pod) {
        return nameOf(pod.namespace(), pod.name());
    }

    private static String nameOf(String namespace, String object) {
        String name = namespace + "_" + object;
        return name.length() <= READABLE_NAME
                ? name
                : name.substring(0, READABLE_NAME) + "~"
                        + UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    void write(String name, String text) {
        Path file = directory.resolve(name);
        Path temporary = directory.resolve(TEMPORARY);
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
        try {
            Files.createDirectories(directory, PRIVATE_DIRECTORY);
            try (FileChannel channel = FileChannel.open(temporary, REPLACE, PRIVATE_FILE)) {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(false);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new PodnetException.StateFailure("file " + file + " cannot be written: " + e, e);
        }
    }

    void remove(String name) {
        try {
            Files.deleteIfExists(directory.resolve(name));
        } catch (IOException e) {
            throw new PodnetException.StateFailure("file " + directory.resolve(name) + " cannot be removed: " + e, e);
        }
    }

    Optional<String> read(String name) {
        try {
            return Optional.of(Files.readString(directory.resolve(name)));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException e) {
            throw new PodnetException.StateFailure("file " + directory.resolve(name) + " cannot be read: " + e, e);
        }
    }

    List<String> names() {
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(TEMPORARY))
                    .sorted()
                    .forEach(names::add);
        } catch (NoSuchFileException absent) {
            return List.of();
        } catch (IOException e) {
            throw new PodnetException.StateFailure("directory " + directory + " cannot be listed: " + e, e);
        }
        return names;
    }
}
