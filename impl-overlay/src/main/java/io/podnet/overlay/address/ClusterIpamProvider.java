package io.podnet.overlay.address;

import io.podnet.api.API;
import io.podnet.spi.Ipam;
import io.podnet.spi.IpamProvider;

/**
 * Finds the Ipam {@code cluster}: one range for the whole cluster, cut into blocks that nodes claim as they need them, in the
 * cluster's store. Any address can be on any node. Options: {@code blockSizeIpv4} (26) and {@code blockSizeIpv6} (122), prefix
 * lengths, the same on all nodes; {@code coolDown} (PT30S), how long a released address rests; {@code timeToLive} (PT30S), how
 * long the store waits for a sign of life; {@code reclaimAfter} (PT24H), how long after that a node's blocks stay its own. They are
 * taken when another node finds no free block.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ClusterIpamProvider implements IpamProvider {
    /** For {@link java.util.ServiceLoader}. */
    public ClusterIpamProvider() {}

    /**
     * Names the provider.
     *
     * @return {@code cluster}
     */
    @Override
    public String name() {
        return "cluster";
    }

    /**
     * Makes the Ipam. The store is asked at the first call, not here: a node starts without it.
     *
     * @param context network, one range of a family, options, and the cluster
     * @return the Ipam
     * @throws io.podnet.api.PodnetException.Invalid for a wrong option, and where there is no store
     * @throws io.podnet.api.PodnetException.Unsupported where the store's reads may be stale
     */
    @Override
    public Ipam create(Context context) {
        return new ClusterIpam(context, System::nanoTime);
    }
}
