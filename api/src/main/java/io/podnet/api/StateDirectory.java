package io.podnet.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A node's directory on disk, held by one process at a time. */
final class StateDirectory implements AutoCloseable {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final Path root;
    private final FileChannel lockFile;
    private final FileLock lock;

    private StateDirectory(Path root, FileChannel lockFile, FileLock lock) {
        this.root = root;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    static StateDirectory open(Path root) {
        FileChannel channel = null;
        try {
            Path real = createPrivate(root).toRealPath();
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(real);
            if (mode.contains(PosixFilePermission.GROUP_WRITE) || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
                throw new PodnetException.Invalid("state directory " + real + " is writable for others ("
                        + PosixFilePermissions.toString(mode) + "); use chmod 0700");
            }
            channel = FileChannel.open(
                    real.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                throw new PodnetException.Conflict("state directory " + real
                        + " is in use by another Podnet; stop it, or choose another directory");
            }
            StateDirectory opened = new StateDirectory(real, channel, lock);
            channel = null;
            return opened;
        } catch (IOException e) {
            throw new PodnetException.StateFailure("state directory " + root + " cannot be used: " + e, e);
        } finally {
            closeQuietlyAfterFailure(channel);
        }
    }

    private static void closeQuietlyAfterFailure(@Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException sameProcess) {
            return null;
        }
    }

    static Path createPrivate(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        return directory;
    }

    Path directory(String first, String... more) {
        Path directory = root.resolve(Path.of(first, more));
        try {
            return createPrivate(directory);
        } catch (IOException e) {
            throw new PodnetException.StateFailure("directory " + directory + " cannot be made: " + e, e);
        }
    }

    static Path podDirectory(Path root, String sandboxId) {
        return root.resolve("pods").resolve(Names.cniId("sandbox id", sandboxId));
    }

    Path root() {
        return root;
    }

    static String bootId() {
        try {
            return Files.readString(BOOT_ID).trim();
        } catch (IOException e) {
            throw new PodnetException.StateFailure(BOOT_ID + " cannot be read: " + e, e);
        }
    }

    /** Removes a directory with the plain files in it; absent is fine. */
    static void removeFlat(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(directory);
    }

    @Override
    public void close() {
        try {
            lock.release();
            lockFile.close();
        } catch (IOException e) {
            throw new PodnetException.StateFailure("lock of " + root + " cannot be released: " + e, e);
        }
    }
}
