package io.podnet.overlay;

import io.podnet.api.API;
import io.podnet.api.Cidr;
import io.podnet.spi.NetworkPlugin;
import io.podnet.spi.NetworkPluginProvider;
import io.podnet.spi.NodeContext;
import java.util.List;

/**
 * Provides the plugin named {@code overlay}. It needs a cluster store. Options:
 *
 * <ul>
 *   <li>{@code backend}: {@code vxlan} (default), {@code host-gw}, {@code direct-routing}, or {@code neighbour}, which goes with
 *       the Ipam {@code cluster} and a pod CIDR that is the range of all pods;
 *   <li>{@code clusterCidr}: the range of all pods, one of a family; {@code nodeCidrMaskSize} (24), {@code nodeCidrMaskSizeIpv6}
 *       (64): what a node without pod CIDR leases of it;
 *   <li>{@code delegate}: the plugin that wires pods on the node (default {@code bridge}); {@code delegate.NAME}: its options;
 *   <li>{@code underlay}: addresses or links to reach others by, where the default route's is not right;
 *   <li>{@code vni} (1), {@code port} (8477), {@code device} (pnvx), {@code table} (28782), {@code probePort} (8478);
 *   <li>{@code refreshSeconds} (90): how often everything is compared with the kernel; {@code timeToLiveSeconds} (30): how
 *       long the store waits for a sign of life; {@code forgetAfterSeconds} (86400): how long a node may be silent before the
 *       others drop their ways to it; {@code probe} (true): whether ways are proved with full-size packets.
 * </ul>
 *
 * <p>A VXLAN device is made without receive offload of its own where packets come to it merged: the link below has that offload, or is
 * a veth. {@code ethtool -K DEVICE gro on} turns it on, and it stays so as long as the device does.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class OverlayPluginProvider implements NetworkPluginProvider {
    /** Makes the provider, for ServiceLoader. */
    public OverlayPluginProvider() {}

    @Override
    public String name() {
        return "overlay";
    }

    @Override
    public List<Cidr> allotPodCidrs(Allotment node) {
        return SubnetAllotment.of(node);
    }

    @Override
    public NetworkPlugin create(NodeContext node) {
        return OverlayPlugin.start(node);
    }
}
