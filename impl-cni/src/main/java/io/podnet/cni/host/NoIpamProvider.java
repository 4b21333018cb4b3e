package io.podnet.cni.host;

import io.podnet.api.PodnetException;
import io.podnet.spi.Ipam;
import io.podnet.spi.IpamProvider;

/**
 * Provides the Ipam named {@code none}, for nodes whose network plugin sees to addresses itself, as {@code cni} does. No
 * options.
 */
public final class NoIpamProvider implements IpamProvider {
    /** Makes the provider, for ServiceLoader. */
    public NoIpamProvider() {}

    @Override
    public String name() {
        return "none";
    }

    @Override
    public Ipam create(Context context) {
        if (!context.options().isEmpty()) {
            throw new PodnetException.Invalid(
                    "the Ipam none has no options " + context.options().keySet());
        }
        return new NoIpam();
    }
}
