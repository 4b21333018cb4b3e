package io.podnet.dns.forward;

import io.podnet.api.PodId;
import io.podnet.dns.response.DomainName;
import io.podnet.dns.upstream.UpstreamGroup;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A pod that asks, or everybody who is none: its routes and how much of it is under way. */
final class ForwardClient {
    private final Optional<PodId> pod;
    private final AtomicInteger slots = new AtomicInteger();
    private final Set<Waiter> waiting = new LinkedHashSet<>();
    private volatile Routed routed;

    private record Routed(ForwardRoutes routes, ZoneMap<UpstreamGroup> stubs) {
        static Routed of(ForwardRoutes routes) {
            ZoneMap<UpstreamGroup> stubs = new ZoneMap<>();
            routes.stubDomains().forEach(stubs::put);
            return new Routed(routes, stubs);
        }
    }

    ForwardClient(Optional<PodId> pod, ForwardRoutes routes) {
        this.pod = pod;
        this.routed = Routed.of(routes);
    }

    Optional<PodId> pod() {
        return pod;
    }

    ForwardRoutes routes() {
        return routed.routes();
    }

    void route(ForwardRoutes routes) {
        routed = Routed.of(routes);
    }

    /** Changes the routes where they are still the old ones. */
    void replace(ForwardRoutes old, ForwardRoutes changed) {
        if (routed.routes().equals(old)) {
            route(changed);
        }
    }

    /** Whether anybody is asked for it. */
    boolean recursion() {
        ForwardRoutes now = routed.routes();
        return now.upstreams().isPresent() || !now.stubDomains().isEmpty();
    }

    Optional<UpstreamGroup> stub(DomainName name) {
        return routed.stubs().find(name);
    }

    Optional<UpstreamGroup> upstreams() {
        return routed.routes().upstreams();
    }

    AtomicInteger slots() {
        return slots;
    }

    /** What waits, the oldest first. On the loop only. */
    Set<Waiter> waiting() {
        return waiting;
    }
}
