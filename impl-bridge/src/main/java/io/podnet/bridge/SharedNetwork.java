package io.podnet.bridge;

import io.podnet.api.AttachmentId;
import io.podnet.api.Cidr;
import io.podnet.api.Condition;
import io.podnet.api.Drift;
import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import io.podnet.bridge.firewall.NodeRules;
import io.podnet.bridge.firewall.PromiscuousBridge;
import io.podnet.netlink.route.Link;
import io.podnet.netlink.route.Links;
import io.podnet.spi.Ipam;
import io.podnet.spi.NodeContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What all pods share: the bridge, the packet filter's rules for it, and the node's settings. */
final class SharedNetwork {
    // Of the bridge's 1024 port numbers one is unusable; from here on status warns.
    private static final int BRIDGE_PORTS = 1023;

    private final NodeContext node;
    private final Function<AttachmentId, String> described;
    private final BridgeOptions options;
    private final Links links;
    private final BridgeDevice bridge;
    private final KeptRules rules;
    private final SysctlLedger nodeSettings;
    private volatile State state;

    /**
     * What there is.
     *
     * @param podCidrs the node's pod CIDRs
     * @param desired the bridge
     * @param bridge what of it is in the kernel
     */
    record State(List<Cidr> podCidrs, BridgeDevice.Desired desired, BridgeDevice.Present bridge) {}

    /** Makes it as it should be, unless the options say otherwise; where that fails, what was made is taken back. */
    SharedNetwork(
            NodeContext node,
            Function<AttachmentId, String> described,
            BridgeOptions options,
            NodeKernel kernel,
            BridgeDevice bridge,
            KeptRules rules) {
        this.node = node;
        this.described = described;
        this.options = options;
        this.links = kernel.route().links();
        this.bridge = bridge;
        this.rules = rules;
        this.nodeSettings = new SysctlLedger(kernel.sysctls(), node.stateDirectory());
        List<Cidr> networks = options.networks(node.podCidrs());
        BridgeDevice.Desired desired = desired(networks);
        this.state = options.ensureShared()
                ? ensure(networks, desired)
                : new State(networks, desired, bridge.present(desired));
    }

    State now() {
        return state;
    }

    private BridgeDevice.Desired desired(List<Cidr> podCidrs) {
        if (podCidrs.isEmpty() && options.subnets().isEmpty()) {
            throw new PodnetException.Invalid("the bridge plugin needs a pod CIDR");
        }
        boolean ipv6 = podCidrs.stream().anyMatch(cidr -> cidr.family() == IpFamily.IPV6);
        return BridgeDevice.Desired.of(options.bridgeAddresses(podCidrs), chooseMtu(ipv6), options.bridge());
    }

    private int chooseMtu(boolean ipv6) {
        return MtuRule.choose(
                node.mtu(),
                links.list().stream()
                        .filter(Link::isUp)
                        .filter(link -> !link.isLoopback() && !link.isPointToPoint())
                        .filter(link -> !link.name().equals(options.bridge()))
                        .filter(link -> link.group() != LinkNames.GROUP_LIVE && link.group() != LinkNames.GROUP_DEAD)
                        .mapToInt(Link::mtu),
                ipv6);
    }

    private State ensure(List<Cidr> podCidrs, BridgeDevice.Desired wanted) {
        BridgeDevice.Present present = bridge.ensure(wanted);
        BridgeDevice.Desired desired = wanted.withMac(present.mac());
        orTakeBack(present, () -> {
            if (options.gatewayOnBridge()) {
                nodeSettings.set(NodeSettings.routing(podCidrs, options.bridge()));
            }
            rules.ensure(nodeRules(podCidrs, desired));
        });
        return new State(podCidrs, desired, present);
    }

    /** Does what else belongs to a start: where that fails, a bridge that was made just now goes again. */
    void orTakeBack(Runnable rest) {
        orTakeBack(state.bridge(), rest);
    }

    private void orTakeBack(BridgeDevice.Present present, Runnable rest) {
        try {
            rest.run();
        } catch (PodnetException e) {
            if (present.made()) {
                takeBack(e);
            }
            throw e;
        }
    }

    private NodeRules nodeRules(List<Cidr> podCidrs, BridgeDevice.Desired desired) {
        return new NodeRules(
                podCidrs,
                options.masquerade(),
                node.nonMasqueradeCidrs(),
                options.antiSpoofing(),
                options.hairpinMode() == HairpinMode.PROMISCUOUS_BRIDGE
                        ? Optional.of(new PromiscuousBridge(desired.mac(), desired.gatewayIps()))
                        : Optional.empty());
    }

    private void takeBack(PodnetException cause) {
        for (Runnable step : List.<Runnable>of(rules::remove, bridge::remove, nodeSettings::restore)) {
            try {
                step.run();
            } catch (PodnetException e) {
                cause.addSuppressed(e);
            }
        }
    }

    /** Goes over to other pod CIDRs, of which those that pods are in must stay. */
    void podCidrs(List<Cidr> podCidrs) {
        List<Ipam.Lease> leases = node.ipam().list();
        for (Ipam.Lease lease : leases) {
            for (Ipam.Assignment assignment : lease.assignments()) {
                Cidr used = assignment.address().cidr();
                if (!podCidrs.contains(used)) {
                    throw new PodnetException.Conflict("pod CIDR " + used + " is in use by "
                            + described.apply(lease.owner()) + "; tear its pods down before it is taken away");
                }
            }
        }
        BridgeDevice.Desired desired = desired(podCidrs);
        if (!leases.isEmpty()) {
            // Live pods have the bridge's MAC address as their gateway's permanent neighbour.
            desired = desired.withMac(state.bridge().mac());
        }
        bridge.requireOwnNetworks(desired);
        bridge.retire(state.desired(), desired);
        state = ensure(podCidrs, desired);
    }

    List<Drift> check() {
        return bridge.check(state.desired(), nodeSettings);
    }

    Condition status() {
        List<Drift> drifts = check();
        if (!drifts.isEmpty()) {
            return new Condition(Condition.Code.NOT_READY, "BridgeDrifted", drifts.get(0) + "; restart the node");
        }
        Condition pool = node.ipam().status().condition();
        if (pool.code() != Condition.Code.READY) {
            return pool;
        }
        int used = links.listPorts(state.bridge().index()).size();
        if (used >= BRIDGE_PORTS) {
            return new Condition(
                    Condition.Code.NOT_READY,
                    "BridgeFull",
                    "bridge " + options.bridge() + " has " + used + " ports, the kernel takes no more");
        }
        return NeighbourTable.condition(used);
    }

    /** Takes it away, where no pod has a port any more. */
    void remove(LinkReaper reaper) {
        if (options.keepBridge()) {
            rules.remove();
            return;
        }
        List<Link> left = links.listPorts(state.bridge().index()).stream()
                .filter(link -> link.group() != LinkNames.GROUP_DEAD)
                .toList();
        if (!left.isEmpty()) {
            throw new PodnetException.Conflict("bridge " + options.bridge() + " still has the port "
                    + left.get(0).name() + "; tear its pod down first");
        }
        rules.remove();
        reaper.quiesce(Duration.ofSeconds(10));
        bridge.remove();
        nodeSettings.restore();
    }
}
