package io.podnet.netlink.sandbox;

import io.podnet.api.PodnetException;
import io.podnet.netlink.namespace.NamespaceHandle;
import io.podnet.netlink.namespace.NamespaceKind;
import io.podnet.netlink.namespace.NetworkNamespace;
import java.nio.file.Path;
import java.util.Optional;

/** Opens pins of which nobody knows what became of them: gone, a plain file since the reboot, or another namespace. */
final class OpenedPins {
    private OpenedPins() {}

    static Optional<NetworkNamespace> network(Path pin, long inode) {
        try {
            NetworkNamespace network = NetworkNamespace.open(pin);
            if (network.inode() == inode) {
                return Optional.of(network);
            }
            network.close();
            return Optional.empty();
        } catch (PodnetException.NotFound | PodnetException.Invalid e) {
            return Optional.empty();
        }
    }

    static Optional<NamespaceHandle> other(NamespaceKind kind, Path pin) {
        try {
            return Optional.of(NamespaceHandle.open(kind, pin));
        } catch (PodnetException.NotFound | PodnetException.Invalid e) {
            return Optional.empty();
        }
    }
}
