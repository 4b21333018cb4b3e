package io.podnet.examples.agent;

import io.podnet.api.Cidr;
import io.podnet.api.IpFamily;
import io.podnet.api.PodnetBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which addresses services have, and what makes them reachable. */
final class ServiceOptions {
    private static final String NONE = "none";
    private static final String SERVICES_V4 = "10.96.0.0/16";
    private static final String SERVICES_V6 = "fd00:10:96::/112";

    @Option(
            names = "--service-cidr",
            paramLabel = "CIDR[,CIDR]",
            description = "Network of the services' cluster IPs, or one of each family, the first being the default;"
                    + " default: 10.96.0.0/16 and fd00:10:96::/112, of the families of the pods' network.")
    private @Nullable String serviceCidr;

    @Option(
            names = "--external-cidr",
            paramLabel = "CIDR[,CIDR...]",
            description = "Networks that services' external and load balancer IPs may be in; default: none.")
    private @Nullable String externalCidr;

    @Option(
            names = "--service-proxy",
            paramLabel = "NAME",
            defaultValue = "iptables",
            description =
                    "What makes services reachable: iptables, or none; default: ${DEFAULT-VALUE}. It is not started"
                            + " before the first service.")
    private String serviceProxy = "";

    @Option(
            names = "--proxy-option",
            paramLabel = "NAME=VALUE",
            description = "An option of the service proxy; may be repeated.")
    private Map<String, String> proxyOptions = Map.of();

    void applyTo(PodnetBuilder builder, String podCidrs) {
        builder.serviceCidrs(serviceCidrs(podCidrs));
        if (externalCidr != null) {
            builder.externalCidrs(externalCidr);
        }
        if (!serviceProxy.equals(NONE)) {
            builder.serviceProxy(serviceProxy);
        }
        proxyOptions.forEach(builder::serviceProxyOption);
    }

    /** The networks of the services' addresses, of the families of the pods'. */
    String serviceCidrs(String podCidrs) {
        if (serviceCidr != null) {
            return serviceCidr;
        }
        return Arrays.stream(podCidrs.split(",", -1))
                .map(cidr -> Cidr.parse(cidr.strip()).family() == IpFamily.IPV4 ? SERVICES_V4 : SERVICES_V6)
                .distinct()
                .collect(Collectors.joining(","));
    }

    List<String> externalCidrs() {
        return externalCidr == null ? List.of() : List.of(externalCidr.split(",", -1));
    }

    String proxy() {
        return serviceProxy;
    }

    Map<String, String> proxyOptions() {
        return proxyOptions;
    }
}
