package io.podnet.overlay;

import io.podnet.api.Cidr;
import io.podnet.api.PodnetException;
import io.podnet.overlay.model.Backend;
import io.podnet.overlay.network.NetworkKeys;
import io.podnet.overlay.node.Membership;
import io.podnet.overlay.subnet.SubnetLeases;
import io.podnet.overlay.subnet.SubnetRange;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.NetworkPluginProvider;
import io.podnet.spi.StoreSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Chooses a node's subnets before it starts. */
final class SubnetAllotment {
    static final String NETWORK = "overlay";

    private SubnetAllotment() {}

    static ClusterStore store(Optional<ClusterStore> store) {
        return store.orElseThrow(() -> new PodnetException.Invalid("the overlay plugin needs a cluster store;"
                + " give the node one (clusterStore), or take the plugin 'bridge' for a node that stands alone"));
    }

    /**
     * Leases subnets. The session is not closed: the plugin's own supersedes it and takes the leases over, and where it never
     * comes they expire.
     */
    static List<Cidr> of(NetworkPluginProvider.Allotment node) {
        OverlayOptions options = OverlayOptions.parse(node.options());
        if (options.backend() == Backend.NEIGHBOUR) {
            return options.settings(options.clusterCidrs()).clusterCidrs();
        }
        if (options.clusterCidrs().isEmpty()) {
            throw new PodnetException.Invalid(
                    "a node without pod CIDR needs the option clusterCidr, the range that its subnet is leased from");
        }
        ClusterStore store = store(node.clusterStore());
        NetworkKeys keys = NetworkKeys.of(NETWORK);
        List<Cidr> before = new NodeFile(node.stateDirectory()).podCidrs();
        try {
            StoreSession session =
                    store.openSession(Membership.owner(keys, node.nodeName()), options.timeToLive(), () -> {});
            SubnetLeases leases = new SubnetLeases(store, keys, node.nodeName());
            List<Cidr> subnets = new ArrayList<>();
            for (SubnetRange range : options.ranges()) {
                Optional<Cidr> last = before.stream().filter(range::has).findFirst();
                subnets.add(leases.acquire(range, session, last).subnet());
            }
            return subnets;
        } catch (PodnetException.TimedOut unreachable) {
            if (before.size() == options.clusterCidrs().size()) {
                return before; // what it had; the lease is taken again when the store answers
            }
            throw unreachable;
        }
    }
}
