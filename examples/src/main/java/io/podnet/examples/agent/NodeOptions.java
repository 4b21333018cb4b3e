package io.podnet.examples.agent;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.Podnet;
import io.podnet.api.PodnetBuilder;
import io.podnet.api.PodnetException;
import io.podnet.examples.state.NodeFacts;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what a node is made of, the same for all nodes of a cluster. */
public final class NodeOptions {
    private static final String NONE = "none";
    private static final String OVERLAY = "overlay";
    private static final String NEIGHBOUR = "neighbour";
    private static final String SERVICES_V4 = "10.96.0.0/16";
    private static final String SERVICES_V6 = "fd00:10:96::/112";

    @Option(
            names = "--interface-name",
            paramLabel = "NAME",
            defaultValue = "eth0",
            description = "The interface's name inside pods; default: ${DEFAULT-VALUE}.")
    private String interfaceName = "";

    @Option(
            names = "--mtu",
            paramLabel = "BYTES",
            defaultValue = "0",
            description = "MTU of the pods; default: the network plugin's own rule.")
    private int mtu;

    @Option(
            names = "--non-masquerade-cidr",
            paramLabel = "CIDR",
            split = ",",
            description = "Destinations that pods reach with their own addresses; default: 10.0.0.0/8,fd00::/8.")
    private List<String> nonMasqueradeCidrs = List.of();

    @Option(
            names = "--network-plugin",
            paramLabel = "NAME",
            description =
                    "What gives pods their network: bridge; overlay, which joins the nodes of a cluster; or cni, which runs the"
                            + " plugins of a network in /etc/cni/net.d (options network, confDir, binDir, cacheDir, timeoutSeconds,"
                            + " trustedFilesOnly, exclusiveNetwork; give --pod-cidr the network's own subnet).")
    private @Nullable String networkPlugin;

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            description =
                    "How overlay reaches other nodes' pods: vxlan, host-gw, direct-routing, neighbour; default: vxlan.")
    private @Nullable String backend;

    @Option(
            names = "--cluster-cidr",
            paramLabel = "CIDR[,CIDR]",
            defaultValue = "10.244.0.0/16",
            description = "Network of all nodes' pods with overlay, or one of each family; default: ${DEFAULT-VALUE}.")
    private String clusterCidr = "";

    @Option(
            names = "--network-plugin-option",
            paramLabel = "NAME=VALUE",
            description = "An option of the network plugin; may be repeated.")
    private Map<String, String> pluginOptions = Map.of();

    @Option(
            names = "--ipam",
            paramLabel = "NAME",
            description = "What hands addresses out: host-local, or cluster, with which any address can be on any node;"
                    + " default: host-local, cluster with --backend neighbour.")
    private @Nullable String ipam;

    @Option(names = "--ipam-option", paramLabel = "NAME=VALUE", description = "An option of the Ipam; may be repeated.")
    private Map<String, String> ipamOptions = Map.of();

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

    /** For picocli. */
    public NodeOptions() {}

    /**
     * Begins a node.
     *
     * @param place what is this node's own
     * @return a builder
     * @throws PodnetException.Invalid where options do not fit
     */
    public PodnetBuilder builder(NodePlace place) {
        PodnetBuilder builder = Podnet.builder()
                .nodeName(place.name())
                .interfaceName(interfaceName)
                .mtu(mtu)
                .clusterDomain(clusterDomain)
                .resolvConf(resolvConf)
                .stateDirectory(place.state())
                .netnsDirectory(place.netnsDirectory());
        place.namespace().ifPresent(builder::nodeNamespace);
        place.zone().ifPresent(builder::zone);
        pluginOptions.forEach(builder::networkPluginOption);
        network(builder, place);
        if (!nonMasqueradeCidrs.isEmpty()) {
            builder.nonMasqueradeCidrs(
                    nonMasqueradeCidrs.stream().map(Cidr::parse).toList());
        }
        builder.serviceCidrs(serviceCidrs(place));
        if (externalCidr != null) {
            builder.externalCidrs(externalCidr);
        }
        if (!serviceProxy.equals(NONE)) {
            builder.serviceProxy(serviceProxy);
        }
        if (!nameResolver.equals(NONE)) {
            builder.nameResolver(nameResolver);
        }
        builder.upstreams(upstreams.stream().map(IpAddress::parse).toList());
        // Pods are ready when their containers run, which the agent sees.
        builder.podsReadyAtSetUp(false);
        proxyOptions.forEach(builder::serviceProxyOption);
        resolverOptions.forEach(builder::nameResolverOption);
        ipamOptions.forEach(builder::ipamOption);
        return builder;
    }

    private boolean overlay(NodePlace place) {
        return OVERLAY.equals(networkPlugin == null ? place.networkPlugin() : networkPlugin);
    }

    private void network(PodnetBuilder builder, NodePlace place) {
        builder.networkPlugin(networkPlugin == null ? place.networkPlugin() : networkPlugin);
        if (ipam != null) {
            builder.ipam(ipam);
        }
        if (!overlay(place)) {
            if (backend != null) {
                throw new PodnetException.Invalid("--backend goes with --network-plugin overlay");
            }
            builder.podCidr(podCidrs(place));
            return;
        }
        if (!pluginOptions.containsKey("clusterCidr")) {
            builder.networkPluginOption("clusterCidr", clusterCidr);
        }
        if (backend != null) {
            builder.networkPluginOption("backend", backend);
        }
        if (NEIGHBOUR.equals(backend)) {
            // Any address can be on any node, so that the node's range is the cluster's.
            builder.podCidr(clusterCidr);
            if (ipam == null) {
                builder.ipam("cluster");
            }
        } else {
            place.podCidr().ifPresent(builder::podCidr);
        }
    }

    /** The network of the pods' addresses, as far as it is known before the node starts. */
    String podCidrs(NodePlace place) {
        return place.podCidr().orElse(overlay(place) ? clusterCidr : "10.244.1.0/24");
    }

    private String serviceCidrs(NodePlace place) {
        if (serviceCidr != null) {
            return serviceCidr;
        }
        return Arrays.stream(podCidrs(place).split(",", -1))
                .map(cidr -> Cidr.parse(cidr.strip()).family() == IpFamily.IPV4 ? SERVICES_V4 : SERVICES_V6)
                .distinct()
                .collect(Collectors.joining(","));
    }

    /** What is known of a node that runs. */
    NodeFacts facts(NodePlace place, List<IpAddress> addresses) {
        return new NodeFacts(
                place.name(),
                place.zone().orElse(""),
                addresses.stream().map(Object::toString).toList(),
                List.of(podCidrs(place).split(",", -1)),
                List.of(serviceCidrs(place).split(",", -1)),
                externalCidr == null ? List.of() : List.of(externalCidr.split(",", -1)),
                pluginOptions.getOrDefault(overlay(place) ? "delegate.bridge" : "bridge", "cbr0"),
                serviceProxy,
                proxyOptions);
    }
}
