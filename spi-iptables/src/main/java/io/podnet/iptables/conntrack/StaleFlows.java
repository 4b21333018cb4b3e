package io.podnet.iptables.conntrack;

import io.podnet.api.IpAddress;
import io.podnet.netlink.conntrack.UdpConnections;
import io.podnet.netlink.conntrack.UdpFlow;
import io.podnet.services.Backend;
import io.podnet.services.conntrack.Staleness;
import io.podnet.services.conntrack.TrackedFlow;
import io.podnet.services.conntrack.UdpReconciler;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Forgets the UDP flows of a namespace that services made wrong. Safe for any thread. */
public final class StaleFlows {
    private final UdpConnections connections;

    /**
     * Uses connections.
     *
     * @param connections of the node's namespace
     */
    public StaleFlows(UdpConnections connections) {
        this.connections = Objects.requireNonNull(connections, "connections");
    }

    /**
     * Forgets what is wrong, after the rules were written: a flow that begins in between is right already.
     *
     * @param reconciler decides
     * @return how many flows were wrong, by reason; empty where none was
     * @throws io.podnet.api.PodnetException where the kernel refuses; do it again then
     */
    public Map<Staleness, Integer> forget(UdpReconciler reconciler) {
        List<UdpFlow> stale =
                connections.list(flow -> reconciler.staleness(tracked(flow)).isPresent());
        Map<Staleness, Integer> byReason = new EnumMap<>(Staleness.class);
        for (UdpFlow flow : stale) {
            Optional<Staleness> reason = reconciler.staleness(tracked(flow));
            reason.ifPresent(why -> byReason.merge(why, 1, Integer::sum));
        }
        connections.forgetAll(stale);
        return byReason;
    }

    private static TrackedFlow tracked(UdpFlow flow) {
        return new TrackedFlow(
                end(flow.original().destination(), flow.original().destinationPort()),
                end(flow.reply().source(), flow.reply().sourcePort()),
                Math.max(flow.zone(), flow.originalZone()));
    }

    private static Backend end(IpAddress ip, int port) {
        return new Backend(ip, port);
    }
}
