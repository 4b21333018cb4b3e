package io.podnet.netlink.sandbox;

import io.podnet.api.API;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.SpareNamespaces;
import io.podnet.spi.SandboxProvider;
import io.podnet.spi.Sandboxes;

/** Provides sandboxes made of Linux namespaces. Holds no state. */
@API(status = API.Status.STABLE, since = "0.1")
public final class LinuxSandboxProvider implements SandboxProvider {
    /** For {@link java.util.ServiceLoader}. */
    public LinuxSandboxProvider() {
        // Nothing to prepare: the C library is loaded by the first sandbox keeper.
    }

    @Override
    public String name() {
        return "linux";
    }

    @Override
    public Sandboxes create() {
        return new LinuxSandboxes(new NamespaceThreads(), SpareNamespaces.DEFAULT_SPARES);
    }
}
