package io.podnet.examples.agent;

import io.podnet.api.IpAddress;
import io.podnet.api.PodnetBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options that say which names pods have, and what answers their queries. */
final class NameOptions {
    private static final String NONE = "none";

    @Option(
            names = "--name-resolver",
            paramLabel = "NAME",
            defaultValue = "dns",
            description = "What answers the pods' queries for names: dns, or none; default: ${DEFAULT-VALUE}.")
    private String nameResolver = "";

    @Option(
            names = "--resolver-option",
            paramLabel = "NAME=VALUE",
            description = "An option of the name resolver; may be repeated.")
    private Map<String, String> resolverOptions = Map.of();

    @Option(
            names = "--upstream",
            paramLabel = "IP",
            split = ",",
            description = "Servers for names outside the cluster; default: those of --resolv-conf.")
    private List<String> upstreams = List.of();

    @Option(
            names = "--cluster-domain",
            paramLabel = "DOMAIN",
            defaultValue = "cluster.local",
            description = "Domain of the pods' names; default: ${DEFAULT-VALUE}.")
    private String clusterDomain = "";

    @Option(
            names = "--resolv-conf",
            paramLabel = "FILE",
            defaultValue = "/etc/resolv.conf",
            description = "The node's own: whom the name resolver asks, and the pods themselves without one; default:"
                    + " ${DEFAULT-VALUE}.")
    private Path resolvConf = Path.of("");

    String clusterDomain() {
        return clusterDomain;
    }

    void applyTo(PodnetBuilder builder) {
        builder.clusterDomain(clusterDomain).resolvConf(resolvConf);
        if (!nameResolver.equals(NONE)) {
            builder.nameResolver(nameResolver);
        }
        resolverOptions.forEach(builder::nameResolverOption);
        builder.upstreams(upstreams.stream().map(IpAddress::parse).toList());
    }
}
