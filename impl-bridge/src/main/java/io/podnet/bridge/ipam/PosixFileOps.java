package io.podnet.bridge.ipam;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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

/** The real file system. Streams, not channels, do the reading and writing: a channel dies with an interrupt. */
final class PosixFileOps implements FileOps {
    private static final FileAttribute<?> DIRECTORY_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<?> FILE_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
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
        try (FileInputStream in = new FileInputStream(file.toFile())) {
            return Optional.of(in.readNBytes(limit));
        } catch (java.io.FileNotFoundException unreadable) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw unreadable;
            }
            return Optional.empty();
        }
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        Files.createDirectories(directory, DIRECTORY_MODE);
    }

    @Override
    public void createFile(Path file, byte[] content) throws IOException {
        Files.createFile(file, FILE_MODE);
        write(file, content);
    }

    @Override
    public void overwrite(Path file, byte[] content) throws IOException {
        try {
            Files.createFile(file, FILE_MODE);
        } catch (FileAlreadyExistsException expected) {
            // The usual case: only the first write makes the file.
        }
        write(file, content);
    }

    private static void write(Path file, byte[] content) throws IOException {
        try (OutputStream out = new FileOutputStream(file.toFile())) {
            out.write(content);
        }
    }

    @Override
    public void syncFile(Path file) throws IOException {
        sync(file, StandardOpenOption.WRITE);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        sync(directory, StandardOpenOption.READ);
    }

    private static void sync(Path path, OpenOption access) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try (FileChannel channel = FileChannel.open(path, access)) {
                    channel.force(true);
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
