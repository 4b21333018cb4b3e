package io.podnet.netlink.unix;

import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.libc.LibcServer;
import io.podnet.netlink.libc.Refusal;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A listening socket in the file system, for its owner alone: mode 0600, in a directory that nobody else may write to.
 * One thread accepts; any thread may close.
 */
public final class UnixListener implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int EFD_CLOEXEC = 0x80000;
    private static final short POLLIN = 1;
    private static final int POLLFD = 8;
    private static final int COUNTER = 16;
    // struct sockaddr_un of unix(7): a family of two bytes, a path of 108 with its NUL.
    private static final int LONGEST_PATH = 107;

    private final Libc libc = Libc.instance();
    private final Path path;
    private final int fd;
    private final int wakeUp;
    private final ByteBuffer memory = Libc.allocate(24);
    private final long address = libc.addressOf(memory);
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    private UnixListener(Path path, int fd, int wakeUp) {
        this.path = path;
        this.fd = fd;
        this.wakeUp = wakeUp;
        memory.putLong(COUNTER, 1);
    }

    /**
     * Listens. The file of a listener that is gone is replaced.
     *
     * @param path absolute, at most 107 bytes; a missing directory is made with mode 0700
     * @param backlog connections that may wait
     * @return a listener, to be closed
     * @throws PodnetException.Invalid where the path does not fit, or others may write to its directory
     * @throws PodnetException.Conflict where another process listens there, or the file is no socket
     */
    public static UnixListener open(Path path, int backlog) {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (!path.isAbsolute() || name.length > LONGEST_PATH) {
            throw new PodnetException.Invalid(
                    "socket " + path + " is not an absolute path of up to " + LONGEST_PATH + " bytes");
        }
        prepare(path);
        Libc libc = Libc.instance();
        int fd = answered(libc.socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket", path);
        int wakeUp = -1;
        try {
            wakeUp = answered(libc.eventfd(0, EFD_CLOEXEC), "eventfd", path);
            ByteBuffer where = Libc.allocate(2 + LONGEST_PATH + 1);
            where.putShort(0, (short) AF_UNIX).put(2, name);
            answered(libc.bind(fd, libc.addressOf(where), 2 + name.length + 1), "bind", path);
            // Nobody can connect before listen.
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            answered(LibcServer.instance().listen(fd, backlog), "listen", path);
            return new UnixListener(path, fd, wakeUp);
        } catch (IOException | RuntimeException e) {
            libc.close(fd);
            if (wakeUp >= 0) {
                libc.close(wakeUp);
            }
            throw e instanceof RuntimeException known
                    ? known
                    : new PodnetException.StateFailure("socket " + path + " cannot be made private: " + e, e);
        }
    }

    private static void prepare(Path path) {
        Path directory = path.resolveSibling(".").normalize();
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            int mode = (int) Files.getAttribute(directory, "unix:mode");
            if ((mode & 0022) != 0) {
                throw new PodnetException.Invalid("directory " + directory + " of the socket is writable for others;"
                        + " use one with mode 0700");
            }
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                requireStale(path);
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new PodnetException.StateFailure("socket " + path + " cannot be made: " + e, e);
        }
    }

    private static void requireStale(Path path) throws IOException {
        boolean socket = ((int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 0170000) == 0140000;
        if (!socket) {
            throw new PodnetException.Conflict(path + " exists and is no socket; choose another path");
        }
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            throw new PodnetException.Conflict("another process listens at " + path
                    + "; stop it, or choose another path" + (probe.isOpen() ? "" : " (it hung up)"));
        } catch (ConnectException gone) {
            // Its owner ended without removing it.
        }
    }

    private static int answered(int result, String call, Path path) {
        if (result < 0) {
            throw Refusal.of(call, "socket " + path, result);
        }
        return result;
    }

    /**
     * Waits for the next connection.
     *
     * @param time how long everything on that connection may take together
     * @return the connection, to be closed; empty where the listener was closed
     * @throws PodnetException.LimitReached where this process has no descriptors left
     */
    public Optional<UnixConnection> accept(Duration time) {
        while (!closing.get()) {
            memory.putInt(0, fd).putShort(4, POLLIN).putShort(6, (short) 0);
            memory.putInt(POLLFD, wakeUp).putShort(POLLFD + 4, POLLIN).putShort(POLLFD + 6, (short) 0);
            int ready = libc.poll(address, 2, -1);
            if (Errno.EINTR.is(ready)) {
                continue;
            }
            answered(ready, "poll", path);
            if (closing.get()) {
                break;
            }
            int accepted = LibcServer.instance().accept4(fd, 0, 0, SOCK_CLOEXEC | SOCK_NONBLOCK);
            if (Errno.EMFILE.is(accepted) || Errno.ENFILE.is(accepted)) {
                throw new PodnetException.LimitReached("no descriptor left for a connection to " + path);
            }
            // Whatever else is wrong was wrong with a connection that is gone by now (accept(2)).
            if (accepted >= 0) {
                return Optional.of(new UnixConnection(accepted, time));
            }
        }
        return Optional.empty();
    }

    /**
     * Gives the place.
     *
     * @return the socket's path
     */
    public Path path() {
        return path;
    }

    /** Ends the waiting of {@link #accept} and removes the file. Its thread gives the descriptors back by {@link #close}. */
    public void shutDown() {
        if (closing.compareAndSet(false, true)) {
            libc.write(wakeUp, address + COUNTER, Long.BYTES);
            try {
                Files.deleteIfExists(path);
            } catch (IOException left) {
                // The next listener replaces a file that nobody listens at.
            }
        }
    }

    /** Gives the descriptors back; to be called when no thread is in {@link #accept} any more. */
    @Override
    public void close() {
        shutDown();
        if (closed.compareAndSet(false, true)) {
            libc.close(wakeUp);
            libc.close(fd);
        }
    }
}
