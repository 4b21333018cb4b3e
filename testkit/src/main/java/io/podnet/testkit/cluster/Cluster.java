package io.podnet.testkit.cluster;

import io.podnet.api.PodnetException;
import io.podnet.netlink.route.Bridge;
import io.podnet.netlink.route.LinkAttributes;
import io.podnet.testkit.machine.Machine;
import io.podnet.testkit.machine.Machines;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Machines on one network: a bridge that has a namespace of its own. Node {@code n} has the addresses {@code 10.77.0.n} and
 * {@code fd77::n}. Nothing leads out of it. Safe for any thread.
 */
public final class Cluster implements AutoCloseable {
    private static final int MOST = 200;
    private static final String BRIDGE = "net0";

    private final Machines machines = new Machines();
    private final List<ClusterNode> nodes = new ArrayList<>();

    Cluster(int count) {
        if (count < 1 || count > MOST) {
            throw new PodnetException.Invalid("a cluster of " + count + " nodes: 1 to " + MOST + " are possible");
        }
        try {
            Machine network = machines.make("network");
            network.route()
                    .links()
                    .create(new Bridge(), LinkAttributes.named(BRIDGE).noAddressGeneration());
            network.route().links().change(BRIDGE, LinkAttributes.none().up());
            int bridge = network.route().links().get(BRIDGE).index();
            for (int number = 1; number <= count; number++) {
                Machine machine = machines.make("node-" + number);
                String port = "port" + number;
                machines.connect(network, port, machine, ClusterNode.LINK);
                network.route().links().change(port, LinkAttributes.none().master(bridge));
                nodes.add(new ClusterNode(number, machine, network, bridge, port));
            }
        } catch (RuntimeException e) {
            machines.close();
            throw e;
        }
    }

    /**
     * Lists the nodes.
     *
     * @return all, in order
     */
    public List<ClusterNode> nodes() {
        return List.copyOf(nodes);
    }

    /**
     * Cuts two nodes off from each other, in both directions: packets vanish, and nobody is told.
     *
     * @param one a node
     * @param other another node
     * @throws PodnetException.Invalid where they are one, or of another cluster; nothing is changed then
     */
    public void cut(ClusterNode one, ClusterNode other) {
        requireTwo(one, other);
        one.silence(other);
        other.silence(one);
    }

    /**
     * Cuts one direction: what the sender sends to the receiver vanishes, what comes back does not.
     *
     * @param sender whose packets vanish
     * @param receiver who gets none of them
     * @throws PodnetException.Invalid where they are one, or of another cluster; nothing is changed then
     */
    public void cutOneWay(ClusterNode sender, ClusterNode receiver) {
        requireTwo(sender, receiver);
        sender.silence(receiver);
    }

    /**
     * Undoes {@link #cut} and {@link #cutOneWay} between two nodes. Idempotent.
     *
     * @param one a node
     * @param other another node
     * @throws PodnetException.Invalid where they are one, or of another cluster; nothing is changed then
     */
    public void restore(ClusterNode one, ClusterNode other) {
        requireTwo(one, other);
        one.hear(other);
        other.hear(one);
    }

    private void requireTwo(ClusterNode one, ClusterNode other) {
        if (one == other) {
            throw new PodnetException.Invalid(one.name() + " has no way to itself that could be cut; name two nodes");
        }
        requireOwn(List.of(one, other));
    }

    private void requireOwn(Collection<ClusterNode> some) {
        for (ClusterNode one : some) {
            if (!nodes.contains(one)) {
                throw new PodnetException.Invalid(one.name() + " is of another cluster");
            }
        }
    }

    /**
     * Splits the cluster: nodes of one side reach each other and nobody else.
     *
     * @param side the nodes of one side; all others are the other
     * @throws PodnetException.Invalid where one is of another cluster; nothing is changed then
     */
    public void partition(Collection<ClusterNode> side) {
        requireOwn(side);
        for (ClusterNode one : side) {
            for (ClusterNode other : nodes) {
                if (!side.contains(other)) {
                    cut(one, other);
                }
            }
        }
    }

    /** Undoes all cuts, limits, delays and losses. Idempotent. */
    public void restoreAll() {
        for (ClusterNode one : nodes) {
            one.unlimited();
            for (ClusterNode other : nodes) {
                if (one != other) {
                    one.hear(other);
                }
            }
        }
    }

    /** Ends all processes and removes everything. Idempotent. */
    @Override
    public void close() {
        nodes.forEach(ClusterNode::end);
        machines.close();
    }
}
