package io.podnet.api;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Whom a pod's names outside the cluster are asked of, in the words of kube-dns' ConfigMap ({@code upstreamNameservers},
 * {@code stubDomains}). The servers are asked from the node's network namespace.
 *
 * @param upstreamNameservers servers for all names that have no other place, at most 15; without any, names that are in no
 *     stub domain are refused, and nobody sees them
 * @param stubDomains for a domain and all below it, the servers that know it, at most 15 each and at least one
 */
@API(status = API.Status.STABLE, since = "0.1")
public record DnsForwarding(List<Nameserver> upstreamNameservers, Map<String, List<Nameserver>> stubDomains) {
    /** Nobody is asked: an isolated pod. */
    public static final DnsForwarding NONE = new DnsForwarding(List.of(), Map.of());

    public DnsForwarding {
        upstreamNameservers = List.copyOf(upstreamNameservers);
        stubDomains = Map.copyOf(stubDomains);
        stubDomains.forEach((domain, servers) -> {
            if (servers.isEmpty()) {
                throw new PodnetException.Invalid("stub domain " + domain + " has no server");
            }
        });
    }

    /**
     * Asks the same servers for everything.
     *
     * @param servers their addresses, in order of preference; the port is 53
     * @return the forwarding, without stub domains
     */
    public static DnsForwarding to(List<IpAddress> servers) {
        return new DnsForwarding(servers.stream().map(Nameserver::of).toList(), Map.of());
    }

    /**
     * A server.
     *
     * @param ip its address
     * @param port its port, 1 to 65535
     */
    public record Nameserver(IpAddress ip, int port) {
        private static final int DOMAIN = 53;

        public Nameserver {
            Objects.requireNonNull(ip, "ip");
            if (port < 1 || port > 65535) {
                throw new PodnetException.Invalid("port " + port + " of name server " + ip + " is not in 1..65535");
            }
        }

        /**
         * Makes a server at the usual port.
         *
         * @param ip its address
         * @return the server at port 53
         */
        public static Nameserver of(IpAddress ip) {
            return new Nameserver(ip, DOMAIN);
        }
    }
}
