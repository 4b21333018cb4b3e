package io.podnet.netlink.sandbox;

import io.podnet.api.PodnetException;
import java.nio.file.Path;

/**
 * Where the mounts of one pod are, all derived from where its network namespace is pinned: for /run/netns/web the others
 * are in /run/podnet-ns/web. They are not in the pod's own directory, because there each would have to be taken out of
 * every new process's mount namespace one by one, 0.1 ms each, three for each pod of the node.
 *
 * @param netns pin of the network namespace
 */
record PodPins(Path netns) {
    private static final String SIBLING = "podnet-ns";

    PodPins {
        if (!netns.isAbsolute() || netns.getNameCount() < 3) {
            throw new PodnetException.Invalid(
                    "pin " + netns + " is not an absolute path in a directory for pins, such as /run/netns/web");
        }
    }

    Path netnsDirectory() {
        return netns.resolveSibling("").normalize();
    }

    /** The directory of all pods' other mounts. */
    Path room() {
        return netnsDirectory().resolveSibling(SIBLING);
    }

    /** The directory of this pod's other mounts. */
    Path directory() {
        return room().resolve(name());
    }

    String name() {
        return String.valueOf(netns.getFileName());
    }

    Path ipc() {
        return directory().resolve("ipc");
    }

    Path uts() {
        return directory().resolve("uts");
    }

    Path shm() {
        return directory().resolve("shm");
    }
}
