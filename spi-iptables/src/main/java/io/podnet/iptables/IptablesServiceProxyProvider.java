package io.podnet.iptables;

import io.podnet.iptables.restore.Tool;
import io.podnet.spi.ServiceProxy;
import io.podnet.spi.ServiceProxyProvider;

/** Provides the proxy of the name {@code iptables}. Holds no state. */
public final class IptablesServiceProxyProvider implements ServiceProxyProvider {
    /** For {@link java.util.ServiceLoader}. */
    public IptablesServiceProxyProvider() {
        // Nothing to prepare: everything is made by create.
    }

    @Override
    public String name() {
        return "iptables";
    }

    @Override
    public ServiceProxy create(Context context) {
        return ProxyParts.open(context, Tool.DIRECTORIES, System::nanoTime);
    }
}
