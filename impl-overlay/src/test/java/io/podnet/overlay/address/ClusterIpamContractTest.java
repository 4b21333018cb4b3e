package io.podnet.overlay.address;

import io.podnet.testkit.contract.IpamContract;
import java.util.Map;

/** The Ipam {@code cluster} keeps its interface's promises. */
class ClusterIpamContractTest extends IpamContract {
    ClusterIpamContractTest() {
        super("cluster", Map.of("blockSizeIpv4", "29", "blockSizeIpv6", "125"));
    }
}
