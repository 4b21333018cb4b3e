package io.podnet.overlay.address;

import io.podnet.api.Cidr;
import io.podnet.spi.AddressRange;
import io.podnet.spi.AddressRangeSet;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.IpamProvider;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Makes Ipams of the nodes of one network. */
final class Cluster {
    private Cluster() {}

    static List<AddressRangeSet> ranges(String... cidrs) {
        return Arrays.stream(cidrs)
                .map(cidr -> new AddressRangeSet(List.of(AddressRange.of(Cidr.parse(cidr)))))
                .toList();
    }

    static ClusterIpam ipam(
            ClusterStore store,
            String node,
            List<AddressRangeSet> ranges,
            Map<String, String> options,
            LongSupplier nanoTime) {
        return new ClusterIpam(
                new IpamProvider.Context(
                        "pods",
                        ranges,
                        Path.of("/nonexistent"),
                        options,
                        Optional.of(new IpamProvider.Membership(node, store))),
                nanoTime);
    }
}
