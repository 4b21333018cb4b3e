package com.example.podnet;

import io.podnet.testkit.contract.NetworkPluginContract;

/** The plugin {@code ptp} keeps the interface's promises. */
class PtpContractTest extends NetworkPluginContract {
    PtpContractTest() {
        super("ptp");
    }
}
