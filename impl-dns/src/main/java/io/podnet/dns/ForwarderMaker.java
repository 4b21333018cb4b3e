package io.podnet.dns;

import io.podnet.dns.server.Forwarder;
import io.podnet.dns.server.LocalAnswers;
import io.podnet.spi.NameResolverProvider;

/** Makes what answers names outside the cluster. */
@FunctionalInterface
interface ForwarderMaker {
    /**
     * Makes it; closed with the resolver.
     *
     * @param context the resolver's surroundings: upstream servers, networks, the node's namespace
     * @param options the resolver's settings; {@link DnsOptions#forwarding()} are the forwarder's
     * @param local the cluster's own answers
     */
    Forwarder make(NameResolverProvider.Context context, DnsOptions options, LocalAnswers local);
}
