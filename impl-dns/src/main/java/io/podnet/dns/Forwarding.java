package io.podnet.dns;

import io.podnet.api.Cidr;
import io.podnet.api.DnsForwarding;
import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.dns.forward.CachingForwarder;
import io.podnet.dns.forward.ForwardPolicy;
import io.podnet.dns.forward.ForwardRoutes;
import io.podnet.dns.forward.ForwardScope;
import io.podnet.dns.forward.ForwarderSettings;
import io.podnet.dns.response.DomainName;
import io.podnet.dns.server.LocalAnswers;
import io.podnet.dns.upstream.ChannelTransport;
import io.podnet.dns.upstream.NamespaceSockets;
import io.podnet.dns.upstream.SelectorLoop;
import io.podnet.dns.upstream.Upstream;
import io.podnet.dns.upstream.UpstreamFilter;
import io.podnet.dns.upstream.UpstreamGroup;
import io.podnet.dns.upstream.UpstreamSockets;
import io.podnet.dns.upstream.Upstreams;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.spi.NameResolverProvider;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the forwarder of the resolver's context and options, with its thread and its sockets in the node's namespace, and
 * routes for pods with servers of their own. Immutable.
 */
final class Forwarding {
    private static final Logger LOG = LoggerFactory.getLogger(Forwarding.class);

    private final ForwardOptions options;
    private final UpstreamFilter filter;
    private final UpstreamSockets sockets;
    private final Map<DomainName, List<Upstream>> stubs = new HashMap<>();
    private final CachingForwarder forwarder;

    Forwarding(NameResolverProvider.Context context, DnsOptions resolver, LocalAnswers local) {
        options = ForwardOptions.of(resolver.forwarding());
        filter = new UpstreamFilter(own(resolver), options.loopback());
        options.stubDomains().forEach((domain, list) -> {
            List<Upstream> left = filtered("stub domain " + domain, list);
            if (!left.isEmpty()) {
                stubs.put(domain, left);
            }
        });
        List<Upstream> servers = ofNode(context.upstreams());
        NamespaceThreads threads = new NamespaceThreads(1);
        NamespaceSockets inside = new NamespaceSockets(threads, context.namespace());
        sockets = inside;
        List<Cidr> networks = new ArrayList<>(context.podCidrs());
        networks.addAll(context.serviceCidrs());
        ForwarderSettings settings = options.settings();
        SelectorLoop loop = new SelectorLoop("podnet-dns-forward");
        forwarder = new CachingForwarder(
                loop,
                new Upstreams(
                        loop, new ChannelTransport(loop), new SecureRandom(), settings.timing(), settings.loopProbes()),
                new ForwardScope(DomainName.parse(context.clusterDomain()), networks, routes(servers, stubs)),
                settings,
                ForwardPolicy.ALLOW_ALL,
                local,
                List.of(loop, inside, threads),
                context.telemetry());
    }

    CachingForwarder forwarder() {
        return forwarder;
    }

    /** Changes whom those names are asked of that no stub domain has, for clients without routes of their own. */
    void upstreams(List<IpAddress> servers) {
        forwarder.setRoutes(routes(ofNode(servers), stubs));
    }

    private List<Upstream> ofNode(List<IpAddress> servers) {
        return filtered("the node's list", servers.stream().map(Upstream::of).toList());
    }

    /** Routes of a pod's own; a server that would lead back here is {@link PodnetException.Invalid}. */
    ForwardRoutes routes(DnsForwarding forwarding) {
        Map<DomainName, List<Upstream>> stubs = new HashMap<>();
        forwarding.stubDomains().forEach((domain, servers) -> stubs.put(DomainName.parse(domain), allowed(servers)));
        return routes(allowed(forwarding.upstreamNameservers()), stubs);
    }

    private ForwardRoutes routes(List<Upstream> servers, Map<DomainName, List<Upstream>> stubs) {
        Map<DomainName, UpstreamGroup> groups = new HashMap<>();
        stubs.forEach((domain, list) -> groups.put(domain, new UpstreamGroup(sockets, list, options.policy())));
        return new ForwardRoutes(
                servers.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new UpstreamGroup(sockets, servers, options.policy())),
                groups);
    }

    private List<Upstream> allowed(List<DnsForwarding.Nameserver> servers) {
        List<Upstream> all = servers.stream()
                .map(server -> new Upstream(server.ip(), server.port()))
                .distinct()
                .toList();
        for (Upstream server : all) {
            filter.objection(server).ifPresent(why -> {
                throw new PodnetException.Invalid("upstream " + server + " cannot be asked: " + why);
            });
        }
        return all;
    }

    private static Set<Upstream> own(DnsOptions options) {
        Set<Upstream> own = new HashSet<>();
        for (IpAddress address : options.listen()) {
            if (!address.isUnspecified()) {
                own.add(new Upstream(address, options.port()));
            }
        }
        own.add(Upstream.of(options.podAddress()));
        return own;
    }

    private List<Upstream> filtered(String what, List<Upstream> servers) {
        List<Upstream> left = filter.filter(servers);
        if (left.size() > UpstreamGroup.MAX_SERVERS) {
            throw new PodnetException.Invalid(
                    what + " has " + left.size() + " upstream servers; " + UpstreamGroup.MAX_SERVERS + " are possible");
        }
        for (Upstream server : servers) {
            filter.objection(server)
                    .ifPresent(why -> LOG.atWarn()
                            .addKeyValue("upstream", server)
                            .log("a server of {} is not asked: {}", what, why));
        }
        return left;
    }
}
