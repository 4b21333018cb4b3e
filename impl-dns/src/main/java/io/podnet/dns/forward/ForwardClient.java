package io.podnet.dns.forward;

import io.podnet.api.PodId;
import io.podnet.dns.response.DomainName;
import io.podnet.dns.upstream.UpstreamGroup;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A pod that asks, or everybody who is none: its routes and how much of it is under way. */
final class ForwardClient {
    private final Optional<PodId> pod;
    private final AtomicInteger slots = new AtomicInteger();
    private final Set<Waiter> waiting = new LinkedHashSet<>();
    private final Supplier<Routed> shared;
    private volatile @Nullable Routed own;

    /** Routes, and the stub domains among them ready to be searched. Immutable. */
    record Routed(ForwardRoutes routes, ZoneMap<UpstreamGroup> stubs) {
        static Routed of(ForwardRoutes routes) {
            ZoneMap<UpstreamGroup> stubs = new ZoneMap<>();
            routes.stubDomains().forEach(stubs::put);
            return new Routed(routes, stubs);
        }
    }

    /**
     * Makes a client without routes of its own.
     *
     * @param shared gives those of all such clients, as they are at each query
     */
    ForwardClient(Optional<PodId> pod, Supplier<Routed> shared) {
        this.pod = pod;
        this.shared = shared;
    }

    Optional<PodId> pod() {
        return pod;
    }

    ForwardRoutes routes() {
        return routed().routes();
    }

    /** Gives it routes of its own. */
    void route(ForwardRoutes routes) {
        own = Routed.of(routes);
    }

    /** Takes its own routes away. */
    void routeAsOthers() {
        own = null;
    }

    private Routed routed() {
        Routed mine = own;
        return mine == null ? shared.get() : mine;
    }

    /** Whether anybody is asked for it. */
    boolean recursion() {
        ForwardRoutes now = routed().routes();
        return now.upstreams().isPresent() || !now.stubDomains().isEmpty();
    }

    Optional<UpstreamGroup> stub(DomainName name) {
        return routed().stubs().find(name);
    }

    Optional<UpstreamGroup> upstreams() {
        return routed().routes().upstreams();
    }

    AtomicInteger slots() {
        return slots;
    }

    /** What waits, the oldest first. On the loop only. */
    Set<Waiter> waiting() {
        return waiting;
    }
}
