package io.podnet.netlink.sandbox;

import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.spi.SandboxProvider;
import io.podnet.spi.Sandboxes;

/**
 * Linux sandboxes whose namespaces are made when they are asked for, by one thread, so that each set-up takes the same
 * steps: a second thread would start, and find its way home, only where the first is late.
 */
public final class UnhurriedSandboxProvider implements SandboxProvider {
    /** The provider's name. */
    public static final String NAME = "unhurried";

    /** For ServiceLoader. */
    public UnhurriedSandboxProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Sandboxes create() {
        return new LinuxSandboxes(new NamespaceThreads(1), 0);
    }
}
