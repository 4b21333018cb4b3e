package io.podnet.spi;

import io.podnet.api.API;
import io.podnet.api.Cidr;
import io.podnet.api.NamespaceRef;
import io.podnet.api.PodnetException;
import io.podnet.spi.telemetry.Telemetry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a {@link NetworkPlugin} may know of its node.
 *
 * @param nodeName the node's name
 * @param namespace the node's network namespace; bridges, host ends and rules are made here, never in a namespace that
 *     merely happens to be the process's
 * @param podCidrs the node's pod CIDRs, at most one of a family; may be empty until {@link
 *     NetworkPlugin#podCidrsChanged}
 * @param nonMasqueradeCidrs destinations that pods reach with their own address; to others the node's is used
 * @param mtu the pods' MTU in bytes; 0 for the plugin's own rule
 * @param ipam gives the pods' addresses
 * @param attachments records of what was made, on disk before the kernel is asked
 * @param stateDirectory a directory for files of the plugin's own, mode 0700; it survives the process
 * @param clusterStore what the nodes of the cluster share, empty where the node stands alone; the plugin does not close it
 * @param options provider-specific settings by name; unknown ones are refused
 * @param telemetry where the plugin reports its phases
 */
@API(status = API.Status.STABLE, since = "0.1")
public record NodeContext(
        String nodeName,
        NamespaceRef namespace,
        List<Cidr> podCidrs,
        List<Cidr> nonMasqueradeCidrs,
        int mtu,
        Ipam ipam,
        AttachmentStore attachments,
        Path stateDirectory,
        Optional<ClusterStore> clusterStore,
        Map<String, String> options,
        Telemetry telemetry) {
    public NodeContext {
        Objects.requireNonNull(nodeName, "nodeName");
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(ipam, "ipam");
        Objects.requireNonNull(attachments, "attachments");
        Objects.requireNonNull(stateDirectory, "stateDirectory");
        Objects.requireNonNull(clusterStore, "clusterStore");
        Objects.requireNonNull(telemetry, "telemetry");
        podCidrs = List.copyOf(podCidrs);
        nonMasqueradeCidrs = List.copyOf(nonMasqueradeCidrs);
        options = Map.copyOf(options);
        if (mtu != 0 && (mtu < 576 || mtu > 65535)) {
            throw new PodnetException.Invalid("MTU " + mtu + " is not in 576..65535 (0 chooses one)");
        }
        if (podCidrs.stream().map(Cidr::family).distinct().count() != podCidrs.size()) {
            throw new PodnetException.Invalid("pod CIDRs " + podCidrs + " have two of one family");
        }
    }

    /**
     * Makes a context whose phases are recorded, and reach no metrics.
     *
     * @param nodeName the node's name
     * @param namespace the node's network namespace
     * @param podCidrs the node's pod CIDRs
     * @param nonMasqueradeCidrs destinations that pods reach with their own address
     * @param mtu the pods' MTU in bytes; 0 for the plugin's own rule
     * @param ipam gives the pods' addresses
     * @param attachments records of what was made
     * @param stateDirectory a directory for files of the plugin's own
     * @param clusterStore what the nodes of the cluster share
     * @param options provider-specific settings by name
     */
    public NodeContext(
            String nodeName,
            NamespaceRef namespace,
            List<Cidr> podCidrs,
            List<Cidr> nonMasqueradeCidrs,
            int mtu,
            Ipam ipam,
            AttachmentStore attachments,
            Path stateDirectory,
            Optional<ClusterStore> clusterStore,
            Map<String, String> options) {
        this(
                nodeName,
                namespace,
                podCidrs,
                nonMasqueradeCidrs,
                mtu,
                ipam,
                attachments,
                stateDirectory,
                clusterStore,
                options,
                Telemetry.of(nodeName));
    }
}
