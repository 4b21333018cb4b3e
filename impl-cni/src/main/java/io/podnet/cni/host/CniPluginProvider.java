package io.podnet.cni.host;

import io.podnet.api.API;
import io.podnet.spi.NetworkPlugin;
import io.podnet.spi.NetworkPluginProvider;
import io.podnet.spi.NodeContext;

/**
 * Provides the plugin named {@code cni}. Options: {@code network} (its name; default the first in {@code confDir}), {@code
 * confDir} (default {@code /etc/cni/net.d}), {@code binDir} (directories joined by {@code :}, default {@code
 * /opt/cni/bin:/usr/lib/cni}), {@code cacheDir} (libcni's {@code /var/lib/cni}; default a directory of the node's own, which
 * should survive a reboot where the plugins' own state does), {@code timeoutSeconds} (of one plugin's run, default 60), {@code
 * trustedFilesOnly} (default true: executables and configurations that other users may write are refused), {@code
 * exclusiveNetwork} (default false: garbage collection leaves alone what other runtimes attached to the same network; true: it
 * goes, whoever made it).
 *
 * <p>Addresses are the plugins' business: the node's Ipam gives none. The node's pod CIDRs reach plugins that declare the
 * capability {@code ipRanges}.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class CniPluginProvider implements NetworkPluginProvider {
    /** Makes the provider, for ServiceLoader. */
    public CniPluginProvider() {}

    @Override
    public String name() {
        return "cni";
    }

    @Override
    public NetworkPlugin create(NodeContext node) {
        return CniPlugin.start(node);
    }
}
