package io.podnet.netlink.namespace;

import io.podnet.api.PodnetException;
import io.podnet.netlink.socket.NetlinkSocket;
import io.podnet.spi.Sandboxes.HeldNamespace;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A network namespace that is held open by a descriptor. Everything in Podnet is relative to one of these; the node's
 * own is just another one.
 *
 * <p>Safe for any thread. Close it: an open handle keeps the namespace, and so its interfaces, alive after its pin and
 * its processes are gone.
 */
public final class NetworkNamespace implements HeldNamespace {
    private final NamespaceHandle handle;
    private @Nullable NetlinkSocket socket;
    private @Nullable BegunTask pinning;

    NetworkNamespace(NamespaceHandle handle) {
        this.handle = handle;
    }

    /**
     * Opens the namespace that the calling thread is in.
     *
     * @return a handle to be closed
     */
    public static NetworkNamespace current() {
        // Not /proc/self: that is the process's first thread.
        return of("/proc/thread-self/ns/net");
    }

    /**
     * Opens a namespace by path: a pin or /proc/PID/ns/net. The file is proved to be a network namespace.
     *
     * @param path the file; an ordinary symbolic link as its last element is refused
     * @return a handle to be closed
     * @throws PodnetException.NotFound where there is no such file
     * @throws PodnetException.Invalid where it is something else
     */
    public static NetworkNamespace open(Path path) {
        return new NetworkNamespace(NamespaceFiles.open(NamespaceKind.NET, path));
    }

    /**
     * Opens the namespace that a process is in, as far as its main thread goes.
     *
     * @param pid process id in this process's pid namespace, at least 1
     * @return a handle to be closed
     * @throws PodnetException.NotFound where there is no such process
     */
    public static NetworkNamespace ofPid(long pid) {
        if (pid < 1) {
            throw new PodnetException.Invalid(pid + " is no process id; give 1 or more");
        }
        return of("/proc/" + pid + "/ns/net");
    }

    /**
     * Opens the namespace behind a descriptor of this process, which stays the caller's.
     *
     * @param fd a descriptor, at least 0
     * @return a handle of its own, to be closed
     * @throws PodnetException.NotFound where there is no such descriptor
     * @throws PodnetException.Invalid where it is something else than a network namespace
     */
    public static NetworkNamespace ofFd(int fd) {
        if (fd < 0) {
            throw new PodnetException.Invalid(fd + " is no file descriptor; give 0 or more");
        }
        return of("/proc/self/fd/" + fd);
    }

    private static NetworkNamespace of(String procPath) {
        return new NetworkNamespace(NamespaceFiles.open(NamespaceKind.NET, procPath, Optional.empty()));
    }

    /**
     * Refuses a namespace that is the node's own, where a pod's is asked for.
     *
     * @param node the namespace that it must not be
     * @return this
     * @throws PodnetException.Invalid where both are the same; this handle is closed then
     */
    public NetworkNamespace requireOtherThan(NetworkNamespace node) {
        if (id().equals(node.id())) {
            close();
            throw new PodnetException.Invalid(this + " is the node's own network namespace; a pod needs another one");
        }
        return this;
    }

    @Override
    public int fd() {
        return handle.fd();
    }

    @Override
    public long inode() {
        return id().inode();
    }

    /**
     * Gives the identity.
     *
     * @return device and inode
     */
    public NamespaceId id() {
        return handle.id();
    }

    /**
     * Gives the pin.
     *
     * @return the path it was opened from or pinned at; empty where only the descriptor holds it
     */
    public Optional<Path> pin() {
        return handle.pin();
    }

    /**
     * Gives a path that other processes can open while this handle is open.
     *
     * @return the pin, or else the descriptor's entry below this process's /proc directory
     * @throws io.podnet.api.PodnetException where the pin could not be made
     */
    @Override
    public Path path() {
        BegunTask begun;
        synchronized (handle) {
            begun = pinning;
        }
        if (begun != null) {
            begun.await();
        }
        return handle.path();
    }

    NamespaceHandle handle() {
        return handle;
    }

    /**
     * Keeps an rtnetlink socket that was opened inside when the namespace was made, for whoever configures it first: that
     * one need not go in. Where nobody takes it, it is closed with this handle.
     *
     * @param opened a socket that belongs to the namespace
     * @return this
     */
    public NetworkNamespace keeping(NetlinkSocket opened) {
        synchronized (handle) {
            socket = opened;
        }
        return this;
    }

    /**
     * Says that the pin is just being made: whoever asks for the path waits for it.
     *
     * @param begun what makes it
     * @return this
     */
    public NetworkNamespace pinnedBy(BegunTask begun) {
        synchronized (handle) {
            pinning = begun;
        }
        return this;
    }

    /**
     * Takes the kept socket.
     *
     * @return the socket, the caller's to close; empty where there is none, or no longer
     */
    public Optional<NetlinkSocket> takeSocket() {
        synchronized (handle) {
            Optional<NetlinkSocket> taken = Optional.ofNullable(socket);
            socket = null;
            return taken;
        }
    }

    @Override
    public void close() {
        takeSocket().ifPresent(NetlinkSocket::close);
        handle.close();
    }

    @Override
    public String toString() {
        return handle.toString();
    }
}
