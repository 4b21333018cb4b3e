package io.podnet.dns.upstream;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Takes servers out of a list that would lead a query in a circle: our own addresses, and the stub resolvers that other
 * programs put into a node's resolv.conf and that may well forward to us (coredns' loop plugin documents the case,
 * aardvark-dns #415). Those that no packet can be sent to are taken out too.
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
     * Tells why a server cannot be asked.
     *
     * @param upstream the server
     * @return why, for people; empty where it can
     */
    public Optional<String> objection(Upstream upstream) {
        IpAddress address = upstream.address();
        if (address.family() == IpFamily.IPV6 && address.isLinkLocal()) {
            // RFC 4007 section 6: without its zone it is ambiguous, and connect(2) refuses it.
            return Optional.of("it is link-local, which without an interface is nobody's address; name a global one");
        }
        boolean stub = upstream.port() == Upstream.DEFAULT_PORT && STUBS.contains(address);
        if (stub || own.contains(upstream) || (address.isLoopback() && !loopback)) {
            return Optional.of(
                    "it is a stub resolver, a loopback address or our own, and would send queries back; option"
                            + " forward.loopback=true admits loopback addresses");
        }
        return Optional.empty();
    }

    /**
     * Filters a list.
     *
     * @param upstreams servers in order
     * @return those that may be asked, without duplicates, in the same order
     */
    public List<Upstream> filter(List<Upstream> upstreams) {
        return upstreams.stream()
                .filter(upstream -> objection(upstream).isEmpty())
                .distinct()
                .toList();
    }
}
