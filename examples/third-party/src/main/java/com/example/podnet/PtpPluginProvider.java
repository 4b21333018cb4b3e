package com.example.podnet;

import io.podnet.api.PodnetException;
import io.podnet.spi.NetworkPlugin;
import io.podnet.spi.NetworkPluginProvider;
import io.podnet.spi.NodeContext;

/** Finds the plugin {@code ptp}. It has no options, and IPv4 only. */
public final class PtpPluginProvider implements NetworkPluginProvider {
    /** For {@link java.util.ServiceLoader}. */
    public PtpPluginProvider() {}

    @Override
    public String name() {
        return "ptp";
    }

    @Override
    public NetworkPlugin create(NodeContext node) {
        if (!node.options().isEmpty()) {
            throw new PodnetException.Invalid(
                    "the plugin 'ptp' has no options: " + node.options().keySet());
        }
        return PtpPlugin.start(node);
    }
}
