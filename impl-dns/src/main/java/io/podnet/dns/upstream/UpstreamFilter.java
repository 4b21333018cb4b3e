package io.podnet.dns.upstream;

import io.podnet.api.IpAddress;
import java.util.List;
import java.util.Set;

/**
 * Takes servers out of a list that would lead a query in a circle: our own addresses, and the stub resolvers that other
 * programs put into a node's resolv.conf and that may well forward to us (coredns' loop plugin documents the case,
 * aardvark-dns #415).
 *
 * @param own addresses that we listen at in the upstreams' namespace
 * @param loopback whether other loopback addresses may stay: true for a list that a person wrote for the node, false for
 *     one that was read from a file and for a pod's own namespace
 */
public record UpstreamFilter(Set<Upstream> own, boolean loopback) {
    // systemd-resolved has .53 and .54 (systemd-resolved.service(8)), Docker's embedded server .11.
    private static final Set<IpAddress> STUBS =
            Set.of(IpAddress.parse("127.0.0.53"), IpAddress.parse("127.0.0.54"), IpAddress.parse("127.0.0.11"));

    public UpstreamFilter {
        own = Set.copyOf(own);
    }

    /**
     * Tells whether a server may be asked.
     *
     * @param upstream the server
     * @return false where it leads, or may lead, back here
     */
    public boolean allows(Upstream upstream) {
        boolean stub = upstream.port() == Upstream.DEFAULT_PORT && STUBS.contains(upstream.address());
        return !stub
                && !own.contains(upstream)
                && (loopback || !upstream.address().isLoopback());
    }

    /**
     * Filters a list.
     *
     * @param upstreams servers in order
     * @return those that may be asked, without duplicates, in the same order
     */
    public List<Upstream> filter(List<Upstream> upstreams) {
        return upstreams.stream().filter(this::allows).distinct().toList();
    }
}
