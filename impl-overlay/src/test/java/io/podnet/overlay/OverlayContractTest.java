package io.podnet.overlay;

import io.podnet.testkit.contract.NetworkPluginContract;
import java.util.Map;

/** The plugin {@code overlay} keeps its interface's promises. */
class OverlayContractTest extends NetworkPluginContract {
    OverlayContractTest() {
        super("overlay", Map.of("clusterCidr", "10.244.0.0/16"));
    }
}
