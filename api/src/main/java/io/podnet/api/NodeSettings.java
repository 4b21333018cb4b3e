package io.podnet.api;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A node's settings, as {@link PodnetBuilder} collected and checked them. */
record NodeSettings(
        String nodeName,
        List<Cidr> podCidrs,
        List<Cidr> nonMasqueradeCidrs,
        String networkPlugin,
        int mtu,
        String interfaceName,
        Path netnsDirectory,
        Path resolvConf,
        String clusterDomain,
        String clusterName,
        StoreChoice clusterStore,
        Optional<Path> nodeNamespace,
        boolean removePodsOnClose,
        Map<String, String> pluginOptions,
        Map<String, String> ipamOptions,
        ServiceSettings services,
        NameSettings names) {
    /** Fills in the pod CIDRs that were chosen for the node. */
    NodeSettings withPodCidrs(List<Cidr> chosen) {
        return new NodeSettings(
                nodeName,
                chosen,
                nonMasqueradeCidrs,
                networkPlugin,
                mtu,
                interfaceName,
                netnsDirectory,
                resolvConf,
                clusterDomain,
                clusterName,
                clusterStore,
                nodeNamespace,
                removePodsOnClose,
                pluginOptions,
                ipamOptions,
                services,
                names);
    }
}
