package io.podnet.dns.forward;

import io.podnet.dns.response.DomainName;
import io.podnet.dns.upstream.UpstreamGroup;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Whom a client's names are forwarded to. Immutable; a new one takes the place of an old one with the next query.
 *
 * @param upstreams for all names that have no other place; empty for an isolated client, whose queries are refused and
 *     seen by nobody (moby CVE-2024-29018)
 * @param stubDomains for a zone and all below it, special names included: who writes such an entry knows a server for it
 */
public record ForwardRoutes(Optional<UpstreamGroup> upstreams, Map<DomainName, UpstreamGroup> stubDomains) {
    /** No upstream at all. */
    public static final ForwardRoutes ISOLATED = new ForwardRoutes(Optional.empty(), Map.of());

    public ForwardRoutes {
        Objects.requireNonNull(upstreams, "upstreams");
        stubDomains = Map.copyOf(stubDomains);
    }

    /**
     * Forwards everything to one group.
     *
     * @param group the servers
     * @return routes without stub domains
     */
    public static ForwardRoutes to(UpstreamGroup group) {
        return new ForwardRoutes(Optional.of(group), Map.of());
    }
}
