package io.podnet.spi;

import io.podnet.api.API;
import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.Names;
import io.podnet.api.NamespaceRef;
import io.podnet.spi.telemetry.Telemetry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Finds a {@link NameResolver} by name. */
@API(status = API.Status.STABLE, since = "0.1")
public interface NameResolverProvider extends Provider {
    /**
     * What a resolver may know of its node.
     *
     * @param clusterDomain the cluster's domain, for example {@code cluster.local}
     * @param podCidrs pod networks, whose reverse names are answered here and never forwarded
     * @param serviceCidrs service networks, likewise
     * @param upstreams servers that other names are forwarded to until {@link NameResolver#upstreams} changes them
     * @param nodeResolvConf the node's resolv.conf as its user named it, whose search list pods inherit; read it with {@link
     *     PodResolvConf}, which looks behind a stub
     * @param namespace the node's namespace
     * @param stateDirectory a directory for files of the resolver's own, mode 0700
     * @param options provider-specific settings by name; unknown ones are refused
     * @param telemetry where the resolver reports its phases
     */
    record Context(
            String clusterDomain,
            List<Cidr> podCidrs,
            List<Cidr> serviceCidrs,
            List<IpAddress> upstreams,
            Path nodeResolvConf,
            NamespaceRef namespace,
            Path stateDirectory,
            Map<String, String> options,
            Telemetry telemetry) {
        public Context {
            Objects.requireNonNull(telemetry, "telemetry");
            Names.dnsSubdomain("cluster domain", clusterDomain);
            Objects.requireNonNull(nodeResolvConf, "nodeResolvConf");
            Objects.requireNonNull(namespace, "namespace");
            Objects.requireNonNull(stateDirectory, "stateDirectory");
            podCidrs = List.copyOf(podCidrs);
            serviceCidrs = List.copyOf(serviceCidrs);
            upstreams = List.copyOf(upstreams);
            options = Map.copyOf(options);
        }

        /**
         * Makes a context whose phases are recorded without a node's name, and reach no metrics.
         *
         * @param clusterDomain the cluster's domain
         * @param podCidrs pod networks
         * @param serviceCidrs service networks
         * @param upstreams servers that other names are forwarded to
         * @param nodeResolvConf the node's resolv.conf
         * @param namespace the node's namespace
         * @param stateDirectory a directory for files of the resolver's own
         * @param options provider-specific settings by name
         */
        public Context(
                String clusterDomain,
                List<Cidr> podCidrs,
                List<Cidr> serviceCidrs,
                List<IpAddress> upstreams,
                Path nodeResolvConf,
                NamespaceRef namespace,
                Path stateDirectory,
                Map<String, String> options) {
            this(
                    clusterDomain,
                    podCidrs,
                    serviceCidrs,
                    upstreams,
                    nodeResolvConf,
                    namespace,
                    stateDirectory,
                    options,
                    Telemetry.of(""));
        }
    }

    /**
     * Makes a resolver. It answers SERVFAIL for the cluster's names before the first complete picture.
     *
     * @param context everything the resolver may know
     * @return a resolver
     * @throws io.podnet.api.PodnetException where it cannot serve
     */
    NameResolver create(Context context);
}
