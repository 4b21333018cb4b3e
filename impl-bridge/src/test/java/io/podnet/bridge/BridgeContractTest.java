package io.podnet.bridge;

import io.podnet.testkit.contract.NetworkPluginContract;

/** The plugin {@code bridge} keeps its interface's promises. */
class BridgeContractTest extends NetworkPluginContract {
    BridgeContractTest() {
        super("bridge");
    }
}
