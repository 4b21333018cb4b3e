package io.podnet.dns.upstream;

import io.podnet.api.PodnetException;
import java.util.List;
import java.util.Objects;

/**
 * Servers that know the same names, and where they are asked from. Equal groups share answers.
 *
 * @param sockets the network that they are asked from
 * @param servers 1 to 15 servers in order
 * @param policy in which order they are asked
 */
public record UpstreamGroup(UpstreamSockets sockets, List<Upstream> servers, UpstreamPolicy policy) {
    /** As many as CoreDNS's forward plugin takes. */
    public static final int MAX_SERVERS = 15;

    public UpstreamGroup {
        Objects.requireNonNull(sockets, "sockets");
        Objects.requireNonNull(policy, "policy");
        servers = List.copyOf(servers);
        if (servers.isEmpty() || servers.size() > MAX_SERVERS) {
            throw new PodnetException.Invalid(
                    servers.size() + " upstream servers in a group; 1 to " + MAX_SERVERS + " are possible");
        }
    }
}
