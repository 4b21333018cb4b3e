package io.podnet.bridge;

import io.podnet.spi.NetworkPlugin;
import io.podnet.spi.NetworkPluginProvider;
import io.podnet.spi.NodeContext;

/**
 * Provides the plugin named {@code bridge}. Options: {@code bridge} (name, default cbr0), {@code hairpinMode}
 * (hairpin-veth, promiscuous-bridge, none), {@code masquerade}, {@code antiSpoofing} (default true), {@code
 * forceAddress} (default false: a foreign address on an existing bridge is refused).
 */
public final class BridgePluginProvider implements NetworkPluginProvider {
    /** Makes the provider, for ServiceLoader. */
    public BridgePluginProvider() {}

    @Override
    public String name() {
        return "bridge";
    }

    @Override
    public NetworkPlugin create(NodeContext node) {
        return BridgePlugin.start(node);
    }
}
