package io.podnet.testkit.cluster;

import io.podnet.netlink.route.LinkAttributes;
import io.podnet.netlink.route.Veth;
import io.podnet.testkit.machine.Machine;

/**
 * A node's link with a relay in between. The node's port leaves the bridge, another one takes its place, and the relay carries
 * frames between both. Netem would do the same in the kernel, but many kernels are built without it; this needs packet sockets,
 * which are everywhere, and works inside a user namespace. For one thread at a time.
 */
final class BadLink implements AutoCloseable {
    private final Machine network;
    private final int bridge;
    private final String port;
    private final Machine node;
    private final String standIn;
    private final Relay relay;

    private BadLink(Machine network, int bridge, String port, Machine node, String standIn, Relay relay) {
        this.network = network;
        this.bridge = bridge;
        this.port = port;
        this.node = node;
        this.standIn = standIn;
        this.relay = relay;
    }

    static BadLink between(Machine network, int bridge, String port, Machine node, Impairment impairment) {
        String standIn = "far" + port;
        String end = "near" + port;
        int mtu = network.route().links().get(port).mtu();
        network.route()
                .links()
                .create(
                        new Veth(LinkAttributes.named(end).mtu(mtu)),
                        LinkAttributes.named(standIn).mtu(mtu).noAddressGeneration());
        try {
            network.route().links().change(end, LinkAttributes.none().noAddressGeneration());
            network.route().links().change(end, LinkAttributes.none().up());
            network.route().links().change(standIn, LinkAttributes.none().up());
            Offloads.set(network, standIn, false);
            Offloads.set(node, ClusterNode.LINK, false);
            Relay relay = relay(network, port, end, node.name(), impairment);
            network.route().links().change(port, LinkAttributes.none().noMaster());
            network.route().links().change(standIn, LinkAttributes.none().master(bridge));
            return new BadLink(network, bridge, port, node, standIn, relay);
        } catch (RuntimeException e) {
            network.route().links().delete(standIn);
            throw e;
        }
    }

    private static Relay relay(Machine network, String port, String end, String name, Impairment impairment) {
        FrameSocket one =
                FrameSocket.open(network, network.route().links().get(port).index());
        try {
            FrameSocket other =
                    FrameSocket.open(network, network.route().links().get(end).index());
            try {
                return new Relay(name, one, other, impairment);
            } catch (RuntimeException e) {
                other.close();
                throw e;
            }
        } catch (RuntimeException e) {
            one.close();
            throw e;
        }
    }

    void impair(Impairment changed) {
        relay.impair(changed);
    }

    /** Makes the link good again; what is on its way vanishes. */
    @Override
    public void close() {
        relay.close();
        network.route().links().delete(standIn);
        network.route().links().change(port, LinkAttributes.none().master(bridge));
        Offloads.set(node, ClusterNode.LINK, true);
    }
}
