package io.podnet.bridge.ipam;

import io.podnet.testkit.contract.IpamContract;

/** The Ipam {@code host-local} keeps its interface's promises. */
class HostLocalContractTest extends IpamContract {
    HostLocalContractTest() {
        super("host-local");
    }
}
