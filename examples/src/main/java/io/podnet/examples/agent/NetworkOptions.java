package io.podnet.examples.agent;

import io.podnet.api.Cidr;
import io.podnet.api.PodnetBuilder;
import io.podnet.api.PodnetException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what gives pods their network and their addresses. */
final class NetworkOptions {
    private static final String OVERLAY = "overlay";
    private static final String NEIGHBOUR = "neighbour";

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

    void applyTo(PodnetBuilder builder, NodePlace place) {
        builder.interfaceName(interfaceName).mtu(mtu).networkPlugin(plugin(place));
        pluginOptions.forEach(builder::networkPluginOption);
        if (!nonMasqueradeCidrs.isEmpty()) {
            builder.nonMasqueradeCidrs(
                    nonMasqueradeCidrs.stream().map(Cidr::parse).toList());
        }
        if (ipam != null) {
            builder.ipam(ipam);
        }
        ipamOptions.forEach(builder::ipamOption);
        if (isOverlay(place)) {
            overlay(builder, place);
            return;
        }
        if (backend != null) {
            throw new PodnetException.Invalid("--backend goes with --network-plugin overlay");
        }
        builder.podCidr(podCidrs(place));
    }

    private void overlay(PodnetBuilder builder, NodePlace place) {
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

    private String plugin(NodePlace place) {
        return networkPlugin == null ? place.networkPlugin() : networkPlugin;
    }

    private boolean isOverlay(NodePlace place) {
        return OVERLAY.equals(plugin(place));
    }

    /** The network of the pods' addresses, as far as it is known before the node starts. */
    String podCidrs(NodePlace place) {
        return place.podCidr().orElse(isOverlay(place) ? clusterCidr : "10.244.1.0/24");
    }

    /** The name of the bridge that pods are on. */
    String bridge(NodePlace place) {
        return pluginOptions.getOrDefault(isOverlay(place) ? "delegate.bridge" : "bridge", "cbr0");
    }
}
