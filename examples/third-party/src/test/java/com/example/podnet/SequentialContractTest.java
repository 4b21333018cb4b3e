package com.example.podnet;

import io.podnet.testkit.contract.IpamContract;

/** The Ipam {@code sequential} keeps the interface's promises. */
class SequentialContractTest extends IpamContract {
    SequentialContractTest() {
        super("sequential");
    }
}
