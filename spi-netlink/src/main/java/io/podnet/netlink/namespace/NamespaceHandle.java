package io.podnet.netlink.namespace;

import io.podnet.netlink.libc.Libc;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An open descriptor of one namespace, proved to be a namespace of the stated kind. While it is open the namespace
 * exists, whatever becomes of its pins and processes.
 *
 * <p>Safe for any thread. A close waits for nobody: the descriptor goes with the last use that is under way.
 */
public final class NamespaceHandle implements AutoCloseable {
    private final NamespaceKind kind;
    private final int fd;
    private final NamespaceId id;
    private final Optional<Path> pin;
    private int uses = 1;
    private boolean closed;

    NamespaceHandle(NamespaceKind kind, int fd, NamespaceId id, Optional<Path> pin) {
        this.kind = kind;
        this.fd = fd;
        this.id = id;
        this.pin = pin;
    }

    /**
     * Opens a namespace by path and proves it: the file is on nsfs and the kernel says that it is of this kind. A pin,
     * or a link below /proc, is followed; an ordinary symbolic link as the last element is refused.
     *
     * @param kind the kind that it has to be
     * @param path a pin such as /run/netns/web, or /proc/PID/ns/net
     * @return a handle to be closed
     * @throws io.podnet.api.PodnetException.NotFound where there is no such file
     * @throws io.podnet.api.PodnetException.Invalid where it is something else
     */
    public static NamespaceHandle open(NamespaceKind kind, Path path) {
        return NamespaceFiles.open(kind, path);
    }

    /**
     * Tells the kind.
     *
     * @return the kind that was proved when it was opened
     */
    public NamespaceKind kind() {
        return kind;
    }

    /**
     * Gives the descriptor, for attributes such as IFLA_NET_NS_FD. It is valid until {@link #close()}.
     *
     * @return a file descriptor of this process
     * @throws IllegalStateException after close
     */
    public synchronized int fd() {
        if (closed) {
            throw new IllegalStateException(this + " is closed");
        }
        return fd;
    }

    /**
     * Gives the identity.
     *
     * @return device and inode
     */
    public NamespaceId id() {
        return id;
    }

    /**
     * Gives the pin.
     *
     * @return the path it was opened from or pinned at; empty where only the descriptor holds it
     */
    public Optional<Path> pin() {
        return pin;
    }

    /**
     * Gives a path that other processes of this machine can open while this handle is open.
     *
     * @return the pin, or else the descriptor's entry below this process's /proc directory
     */
    public Path path() {
        return pin.orElseGet(
                () -> Path.of("/proc", Long.toString(ProcessHandle.current().pid()), "fd", Integer.toString(fd())));
    }

    /** Keeps the descriptor open until {@link #release()}, whoever closes meanwhile. */
    synchronized int acquire() {
        int open = fd();
        uses++;
        return open;
    }

    synchronized void release() {
        if (--uses == 0) {
            // Linux frees the descriptor whatever close answers, so there is nothing to do about an error.
            Libc.instance().close(fd);
        }
    }

    /** Hands the descriptor over to a handle that knows the pin; this one is closed then. */
    synchronized NamespaceHandle pinnedAt(Path path) {
        int open = fd();
        closed = true;
        return new NamespaceHandle(kind, open, id, Optional.of(path));
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        release();
    }

    @Override
    public String toString() {
        return kind.procName() + ":[" + id + "]" + pin.map(p -> " at " + p).orElse("");
    }
}
