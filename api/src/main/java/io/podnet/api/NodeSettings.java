package io.podnet.api;

import io.podnet.spi.AddressRangeSet;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A node's settings, as {@link PodnetBuilder} collected and checked them. */
record NodeSettings(
        String nodeName,
        List<Cidr> podCidrs,
        List<Cidr> nonMasqueradeCidrs,
        List<AddressRangeSet> ranges,
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
        NameSettings names) {}
