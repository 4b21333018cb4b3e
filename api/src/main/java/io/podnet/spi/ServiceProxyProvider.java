package io.podnet.spi;

import io.podnet.api.API;
import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.NamespaceRef;
import io.podnet.api.Packet;
import io.podnet.spi.telemetry.Telemetry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Finds a {@link ServiceProxy} by name. */
@API(status = API.Status.STABLE, since = "0.1")
public interface ServiceProxyProvider extends Provider {
    /**
     * What a proxy may know of its node.
     *
     * @param nodeName the node's name, which local endpoints carry
     * @param zone the node's zone, for topology hints
     * @param namespace the namespace that rules are made in
     * @param podCidrs the cluster's pod networks: sources inside are local traffic
     * @param serviceCidrs networks that cluster IPs come from
     * @param externalCidrs networks that external and load balancer IPs may come from; empty admits none
     * @param stateDirectory a directory for files of the proxy's own, mode 0700
     * @param options provider-specific settings by name; unknown ones are refused
     * @param telemetry where the proxy reports its phases
     */
    record Context(
            String nodeName,
            Optional<String> zone,
            NamespaceRef namespace,
            List<Cidr> podCidrs,
            List<Cidr> serviceCidrs,
            List<Cidr> externalCidrs,
            Path stateDirectory,
            Map<String, String> options,
            Telemetry telemetry) {
        public Context {
            Objects.requireNonNull(nodeName, "nodeName");
            Objects.requireNonNull(zone, "zone");
            Objects.requireNonNull(namespace, "namespace");
            Objects.requireNonNull(stateDirectory, "stateDirectory");
            podCidrs = List.copyOf(podCidrs);
            serviceCidrs = List.copyOf(serviceCidrs);
            Objects.requireNonNull(telemetry, "telemetry");
            externalCidrs = List.copyOf(externalCidrs);
            options = Map.copyOf(options);
        }

        /**
         * Makes a context whose phases are recorded, and reach no metrics.
         *
         * @param nodeName the node's name
         * @param zone the node's zone
         * @param namespace the namespace that rules are made in
         * @param podCidrs the cluster's pod networks
         * @param serviceCidrs networks that cluster IPs come from
         * @param externalCidrs networks that external and load balancer IPs may come from
         * @param stateDirectory a directory for files of the proxy's own
         * @param options provider-specific settings by name
         */
        public Context(
                String nodeName,
                Optional<String> zone,
                NamespaceRef namespace,
                List<Cidr> podCidrs,
                List<Cidr> serviceCidrs,
                List<Cidr> externalCidrs,
                Path stateDirectory,
                Map<String, String> options) {
            this(
                    nodeName,
                    zone,
                    namespace,
                    podCidrs,
                    serviceCidrs,
                    externalCidrs,
                    stateDirectory,
                    options,
                    Telemetry.of(nodeName));
        }
    }

    /**
     * What a packet's way depends on besides the services.
     *
     * @param nodeName the node's name
     * @param zone the node's zone
     * @param nodeAddresses the node's own addresses
     * @param podCidrs the cluster's pod networks
     * @param serviceCidrs networks that cluster IPs come from
     * @param externalCidrs networks that external and load balancer IPs may come from
     * @param options the proxy's settings by name
     */
    record NodeView(
            String nodeName,
            Optional<String> zone,
            List<IpAddress> nodeAddresses,
            List<Cidr> podCidrs,
            List<Cidr> serviceCidrs,
            List<Cidr> externalCidrs,
            Map<String, String> options) {
        public NodeView {
            Objects.requireNonNull(nodeName, "nodeName");
            Objects.requireNonNull(zone, "zone");
            nodeAddresses = List.copyOf(nodeAddresses);
            podCidrs = List.copyOf(podCidrs);
            serviceCidrs = List.copyOf(serviceCidrs);
            externalCidrs = List.copyOf(externalCidrs);
            options = Map.copyOf(options);
        }
    }

    /**
     * Follows a packet through services that are only written down: no kernel is asked, and no proxy need run.
     *
     * @param node the node that the packet is on
     * @param desired all services and slices
     * @param packet the first packet of a flow
     * @return its way, as a proxy that has programmed {@code desired} would tell it
     * @throws io.podnet.api.PodnetException.Invalid where a proxy would not take {@code desired}
     */
    ServiceProxy.Explanation explain(NodeView node, ServiceChanges desired, Packet packet);

    /**
     * Looks at settings before a proxy is made of them, which may be much later: a node without services needs none. Does
     * nothing by default, and wrong settings are found by {@link #create} then.
     *
     * @param options provider-specific settings by name
     * @throws io.podnet.api.PodnetException.Invalid where one is unknown, or its value wrong
     */
    default void checkOptions(Map<String, String> options) {}

    /**
     * Makes a proxy. It writes no rule before the first complete picture.
     *
     * @param context everything the proxy may know
     * @return a proxy
     * @throws io.podnet.api.PodnetException where the node cannot carry services; nothing is left behind then
     */
    ServiceProxy create(Context context);
}
