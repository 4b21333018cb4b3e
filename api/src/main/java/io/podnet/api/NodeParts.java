package io.podnet.api;

import io.podnet.spi.AttachmentStore;
import io.podnet.spi.ClusterStoreProvider;
import io.podnet.spi.IpamProvider;
import io.podnet.spi.NameResolverProvider;
import io.podnet.spi.NetworkPluginProvider;
import io.podnet.spi.Providers;
import io.podnet.spi.SandboxProvider;
import io.podnet.spi.ServiceProxyProvider;
import io.podnet.spi.telemetry.Telemetry;
import java.util.function.UnaryOperator;

/** The providers that a node is made of, and where all of them report. */
record NodeParts(
        Providers<ClusterStoreProvider> stores,
        SandboxProvider sandboxes,
        IpamProvider ipam,
        Providers<NetworkPluginProvider> plugins,
        Providers<ServiceProxyProvider> proxies,
        Providers<NameResolverProvider> resolvers,
        UnaryOperator<AttachmentStore> attachments,
        Telemetry telemetry) {}
