package com.example.podnet;

import io.podnet.api.PodnetException;
import io.podnet.spi.Ipam;
import io.podnet.spi.IpamProvider;

/** Finds the Ipam {@code sequential}. It has no options. */
public final class SequentialIpamProvider implements IpamProvider {
    /** For {@link java.util.ServiceLoader}. */
    public SequentialIpamProvider() {}

    @Override
    public String name() {
        return "sequential";
    }

    @Override
    public Ipam create(Context context) {
        if (!context.options().isEmpty()) {
            throw new PodnetException.Invalid(
                    "the Ipam 'sequential' has no options: " + context.options().keySet());
        }
        return new SequentialIpam(context);
    }
}
