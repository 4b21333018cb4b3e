package io.podnet.spi;

import io.podnet.api.API;
import io.podnet.api.IpAddress;
import io.podnet.api.NamespaceRef;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Makes, finds again and removes pod sandboxes: the pause container's job without a pause process. Safe for any thread.
 */
@API(status = API.Status.STABLE, since = "0.1")
public interface Sandboxes extends AutoCloseable {
    /**
     * Where a sandbox's pins are.
     *
     * @param netns pin of the network namespace, for example {@code /run/netns/NAME}
     * @param directory a directory of the pod's own for its files below {@code /etc}; mode 0700. Other pins are wherever
     *     the provider keeps them
     * @param hostname the host name in the uts namespace
     */
    record Pins(Path netns, Path directory, String hostname) {
        public Pins {
            Objects.requireNonNull(netns, "netns");
            Objects.requireNonNull(directory, "directory");
            Objects.requireNonNull(hostname, "hostname");
        }
    }

    /** A network namespace that this process holds open. Closing it does not remove it. */
    interface HeldNamespace extends NamespaceRef, AutoCloseable {
        @Override
        void close();
    }

    /**
     * Makes a sandbox: net, ipc and uts namespaces, pinned, the loopback interface up, the host name set.
     *
     * @param pins where to pin; a stale plain file at a pin is replaced, anything else there is a conflict
     * @return the sandbox
     * @throws io.podnet.api.PodnetException where it cannot be made; nothing is left then
     */
    PodSandbox create(Pins pins);

    /**
     * Begins to make a sandbox. The network namespace is there and open; the rest of what {@link #create} makes may come
     * while the caller sets up the pod's network, and {@link PodSandbox#settle} waits for it. By default all of it is made
     * at once.
     *
     * @param pins as for {@link #create}
     * @return the sandbox; to be settled before it is given to anybody, or closed and removed
     * @throws io.podnet.api.PodnetException where it cannot be made; nothing is left then
     */
    default PodSandbox begin(Pins pins) {
        return create(pins);
    }

    /**
     * Says that a sandbox was used up and that another may be asked for soon. A provider may prepare it beside the caller,
     * which has no kernel work at this moment that the preparation would stand in the way of. Does nothing by default.
     */
    default void anticipate() {}

    /**
     * Uses an existing network namespace, as of an external pause process ({@code /proc/PID/ns/net}) or a runtime's
     * own pin. Its loopback interface is brought up, as kubenet's and a runtime's CNI plugin {@code loopback} do. Its ipc
     * and uts namespaces stay the node's. It is not removed with the sandbox.
     *
     * @param netns a path that leads to a network namespace
     * @param directory a directory of the pod's own for its files; mode 0700
     * @return the sandbox
     * @throws io.podnet.api.PodnetException.Invalid where the path is no network namespace, or is the process's own
     */
    PodSandbox join(Path netns, Path directory);

    /**
     * Finds a sandbox again after a restart.
     *
     * @param pins where it was pinned
     * @param inode the network namespace's inode then
     * @return the sandbox; empty where the pin is gone, or leads to another namespace
     */
    Optional<PodSandbox> open(Pins pins, long inode);

    /**
     * Removes a sandbox's pins. Idempotent: works with pins gone, replaced by plain files (as after a reboot), and
     * leaves a namespace alone whose inode is not the recorded one.
     *
     * @param pins where it was pinned
     * @param inode the network namespace's inode; 0 where it is not known, then any namespace there is removed
     * @throws io.podnet.api.PodnetException.Incomplete where a pin stayed
     */
    void remove(Pins pins, long inode);

    /**
     * Opens the namespace that a node works in.
     *
     * @param path a path to it; empty for the calling process's own
     * @return the open namespace
     * @throws io.podnet.api.PodnetException.Invalid where the path is no network namespace
     */
    HeldNamespace nodeNamespace(Optional<Path> path);

    /**
     * Lists a namespace's addresses.
     *
     * @param namespace the namespace, open for the time of the call
     * @return the addresses of all its interfaces, without those of loopback, sorted
     * @throws io.podnet.api.PodnetException where the kernel does not tell
     */
    List<IpAddress> addresses(NamespaceRef namespace);

    /** Ends this process's threads and handles. Sandboxes stay. Idempotent. */
    @Override
    void close();
}
