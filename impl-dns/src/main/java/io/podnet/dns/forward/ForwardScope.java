package io.podnet.dns.forward;

import io.podnet.api.Cidr;
import io.podnet.dns.response.DomainName;
import java.util.List;
import java.util.Objects;

/**
 * What a forwarder serves.
 *
 * @param clusterDomain the cluster's domain, which is never forwarded but to a stub domain's servers
 * @param networks pod and service networks, whose reverse names are not either
 * @param routes whom names are forwarded to, of clients without routes of their own
 */
public record ForwardScope(DomainName clusterDomain, List<Cidr> networks, ForwardRoutes routes) {
    public ForwardScope {
        Objects.requireNonNull(clusterDomain, "clusterDomain");
        Objects.requireNonNull(routes, "routes");
        networks = List.copyOf(networks);
    }
}
