package io.podnet.dns;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.dns.forward.CachingForwarder;
import io.podnet.dns.forward.ForwardPolicy;
import io.podnet.dns.forward.ForwardRoutes;
import io.podnet.dns.forward.ForwardScope;
import io.podnet.dns.forward.ForwarderSettings;
import io.podnet.dns.response.DomainName;
import io.podnet.dns.server.Forwarder;
import io.podnet.dns.server.LocalAnswers;
import io.podnet.dns.upstream.ChannelTransport;
import io.podnet.dns.upstream.NamespaceSockets;
import io.podnet.dns.upstream.SelectorLoop;
import io.podnet.dns.upstream.Upstream;
import io.podnet.dns.upstream.UpstreamFilter;
import io.podnet.dns.upstream.UpstreamGroup;
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

/** Makes the forwarder of the resolver's context and options, with its thread and its sockets in the node's namespace. */
final class Forwarding implements ForwarderMaker {
    private static final Logger LOG = LoggerFactory.getLogger(Forwarding.class);

    @Override
    public Forwarder make(NameResolverProvider.Context context, DnsOptions options, LocalAnswers local) {
        ForwardOptions chosen = ForwardOptions.of(options.forwarding());
        UpstreamFilter filter = new UpstreamFilter(own(options), chosen.loopback());
        List<Upstream> servers = filtered(
                filter,
                "the node's list",
                context.upstreams().stream().map(Upstream::of).toList());
        Map<DomainName, List<Upstream>> stubs = new HashMap<>();
        chosen.stubDomains().forEach((domain, list) -> {
            List<Upstream> left = filtered(filter, "stub domain " + domain, list);
            if (!left.isEmpty()) {
                stubs.put(domain, left);
            }
        });
        if (servers.isEmpty() && stubs.isEmpty()) {
            return new NoForwarder();
        }
        NamespaceThreads threads = new NamespaceThreads(1);
        NamespaceSockets sockets = new NamespaceSockets(threads, context.namespace());
        Map<DomainName, UpstreamGroup> groups = new HashMap<>();
        stubs.forEach((domain, list) -> groups.put(domain, new UpstreamGroup(sockets, list, chosen.policy())));
        Optional<UpstreamGroup> all = servers.isEmpty()
                ? Optional.empty()
                : Optional.of(new UpstreamGroup(sockets, servers, chosen.policy()));
        List<Cidr> networks = new ArrayList<>(context.podCidrs());
        networks.addAll(context.serviceCidrs());
        ForwarderSettings settings = chosen.settings();
        SelectorLoop loop = new SelectorLoop("podnet-dns-forward");
        Upstreams upstreams = new Upstreams(
                loop, new ChannelTransport(loop), new SecureRandom(), settings.timing(), settings.loopProbes());
        return new CachingForwarder(
                loop,
                upstreams,
                new ForwardScope(DomainName.parse(context.clusterDomain()), networks, new ForwardRoutes(all, groups)),
                settings,
                ForwardPolicy.ALLOW_ALL,
                local,
                List.of(loop, sockets, threads));
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

    private static List<Upstream> filtered(UpstreamFilter filter, String what, List<Upstream> servers) {
        List<Upstream> left = filter.filter(servers);
        if (left.size() > UpstreamGroup.MAX_SERVERS) {
            throw new PodnetException.Invalid(
                    what + " has " + left.size() + " upstream servers; " + UpstreamGroup.MAX_SERVERS + " are possible");
        }
        for (Upstream server : servers) {
            if (!filter.allows(server)) {
                LOG.warn(
                        "upstream {} of {} is not asked: it is a stub resolver, a loopback address or our own, and would"
                                + " send queries back; option forward.loopback=true admits loopback addresses",
                        server,
                        what);
            }
        }
        return left;
    }
}
