package io.podnet.api;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A node's directory on disk, held by one process at a time. One that was made for a start that fails goes with it, see
 * {@link #keep}.
 */
final class StateDirectory implements AutoCloseable {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final Path root;
    private final FileChannel lockFile;
    private final FileLock lock;
    private boolean temporary;

    private StateDirectory(Path root, FileChannel lockFile, FileLock lock) {
        this.root = root;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /** Says that the directory is in use from now on, and stays. */
    void keep() {
        temporary = false;
    }

    static StateDirectory open(Path root) {
        boolean fresh = !Files.exists(root);
        try {
            Path real = createPrivate(root).toRealPath();
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(real);
            if (mode.contains(PosixFilePermission.GROUP_WRITE) || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
                throw new PodnetException.Invalid("state directory " + real + " is writable for others ("
                        + PosixFilePermissions.toString(mode) + "); use chmod 0700");
            }
            Path file = real.resolve("lock");
            // One string for one path in the whole JVM, whichever class loader brought this class.
            synchronized (("io.podnet state directory " + file).intern()) {
                StateDirectory opened = lock(real, file);
                opened.temporary = fresh;
                return opened;
            }
        } catch (IOException e) {
            throw new PodnetException.StateFailure(
                    "state directory " + root + " cannot be used: " + e
                            + "; choose a path that is a directory, or can become one, and that this user may write to",
                    e);
        }
    }

    /**
     * POSIX locks are a process's, not a descriptor's: where this process holds the lock, opening the file and closing
     * it again would give it away.
     */
    private static StateDirectory lock(Path real, Path file) throws IOException {
        if (isOpenHere(file)) {
            throw inUse(real);
        }
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw inUse(real);
            }
            return new StateDirectory(real, channel, lock);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static PodnetException inUse(Path real) {
        return new PodnetException.Conflict(
                "state directory " + real + " is in use by another Podnet; stop it, or choose another directory");
    }

    private static boolean isOpenHere(Path file) throws IOException {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : descriptors) {
                if (leadsTo(descriptor, file)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean leadsTo(Path descriptor, Path file) throws IOException {
        try {
            return Files.readSymbolicLink(descriptor).equals(file);
        } catch (NoSuchFileException closed) {
            return false;
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

    /** Leaves the directory where anything in it tells of a pod, a lease or a setting. */
    private void removeSkeleton() throws IOException {
        List<Path> all;
        try (Stream<Path> found = Files.walk(root)) {
            all = found.sorted(Comparator.reverseOrder()).toList();
        }
        Path ipam = root.resolve("ipam");
        boolean bare = all.stream()
                .filter(Files::isRegularFile)
                .allMatch(file -> file.startsWith(ipam) || file.equals(root.resolve("lock")));
        if (bare) {
            for (Path path : all) {
                Files.deleteIfExists(path);
            }
        }
    }

    @Override
    public void close() {
        try {
            if (temporary) {
                removeSkeleton();
            }
            lock.release();
            lockFile.close();
        } catch (IOException e) {
            throw new PodnetException.StateFailure("lock of " + root + " cannot be released: " + e, e);
        }
    }
}
