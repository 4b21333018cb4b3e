package io.podnet.bridge.ipam;

import static io.podnet.netlink.libc.OpenFlags.O_CLOEXEC;
import static io.podnet.netlink.libc.OpenFlags.O_CREAT;
import static io.podnet.netlink.libc.OpenFlags.O_DIRECTORY;
import static io.podnet.netlink.libc.OpenFlags.O_EXCL;
import static io.podnet.netlink.libc.OpenFlags.O_NOFOLLOW;
import static io.podnet.netlink.libc.OpenFlags.O_RDONLY;
import static io.podnet.netlink.libc.OpenFlags.O_TRUNC;
import static io.podnet.netlink.libc.OpenFlags.O_WRONLY;

import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.libc.Libc;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The real file system. System calls read and write, never a channel: a channel dies with an interrupt, and the
 * JDK has no way to make a file with its mode, write it and have it on disk by one open.
 */
final class PosixFileOps implements FileOps {
    private static final FileAttribute<?> DIRECTORY_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final Duration LOCK_WAIT = Duration.ofSeconds(30);

    @Override
    public Optional<Stat> stat(Path file) throws IOException {
        try {
            PosixFileAttributes found =
                    Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            Set<PosixFilePermission> mode = found.permissions();
            return Optional.of(new Stat(
                    found.isRegularFile(),
                    found.isDirectory(),
                    mode.contains(PosixFilePermission.GROUP_WRITE) || mode.contains(PosixFilePermission.OTHERS_WRITE),
                    found.lastModifiedTime().toInstant()));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
        } catch (NoSuchFileException absent) {
            return List.of();
        } catch (java.nio.file.DirectoryIteratorException failure) {
            throw failure.getCause();
        }
        return names;
    }

    @Override
    public Optional<byte[]> read(Path file, int limit) throws IOException {
        Libc libc = Libc.instance();
        int fd = libc.open(file.toString(), O_RDONLY | O_CLOEXEC, 0);
        if (Errno.ENOENT.is(fd)) {
            return Optional.empty();
        }
        check("open", file, fd);
        ByteBuffer bytes = Libc.allocate(limit);
        long count;
        try {
            // A regular file gives all that it has at once.
            count = libc.read(fd, libc.addressOf(bytes), limit);
        } finally {
            libc.close(fd);
            Reference.reachabilityFence(bytes);
        }
        check("read", file, count);
        byte[] content = new byte[(int) count];
        bytes.get(0, content);
        return Optional.of(content);
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        Files.createDirectories(directory, DIRECTORY_MODE);
    }

    @Override
    public void createFile(Path file, byte[] content) throws IOException {
        write(file, O_WRONLY | O_CREAT | O_EXCL, content, content.length > 0);
    }

    @Override
    public void overwrite(Path file, byte[] content) throws IOException {
        write(file, O_WRONLY | O_CREAT | O_TRUNC, content, false);
    }

    private static void write(Path file, int flags, byte[] content, boolean durable) throws IOException {
        Libc libc = Libc.instance();
        int fd = libc.open(file.toString(), flags | O_NOFOLLOW | O_CLOEXEC, 0600);
        check("open", file, fd);
        // At least one byte, since a buffer of none has no address.
        ByteBuffer bytes = Libc.allocate(Math.max(1, content.length)).put(0, content);
        long result;
        try {
            result = libc.write(fd, libc.addressOf(bytes), content.length);
            if (result >= 0 && result < content.length) {
                throw new IOException("write of " + file + " was cut short: is the disk full?");
            }
            if (result >= 0 && durable) {
                result = libc.fsync(fd);
            }
        } finally {
            libc.close(fd);
            Reference.reachabilityFence(bytes);
        }
        check("write", file, result);
    }

    private static void check(String operation, Path file, long result) throws IOException {
        if (Errno.EEXIST.is(result)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        if (Errno.ENOENT.is(result)) {
            throw new NoSuchFileException(file.toString());
        }
        if (result < 0) {
            throw new IOException(operation + " of " + file + " failed: " + Errno.nameOf(result));
        }
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        Libc libc = Libc.instance();
        int fd = libc.open(directory.toString(), O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
        check("open", directory, fd);
        int synced = libc.fsync(fd);
        libc.close(fd);
        check("fsync", directory, synced);
    }

    @Override
    public boolean link(Path name, Path existing) throws IOException {
        try {
            Files.createLink(name, existing);
            return true;
        } catch (FileAlreadyExistsException taken) {
            return false;
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public boolean delete(Path file) throws IOException {
        return Files.deleteIfExists(file);
    }

    @Override
    public void setModified(Path file, Instant time) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(time));
    }

    @Override
    public Lock lock(Path file) throws IOException {
        return Flock.acquire(file, LOCK_WAIT);
    }
}
