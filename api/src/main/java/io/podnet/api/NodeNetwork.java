package io.podnet.api;

import io.podnet.spi.AttachmentStore;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.IpamProvider;
import io.podnet.spi.NetworkPlugin;
import io.podnet.spi.NetworkPluginProvider;
import io.podnet.spi.NodeContext;
import io.podnet.spi.Providers;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A node's addresses and what gives pods their network.
 *
 * @param settings the node's settings with the pod CIDRs that it has by now
 * @param ipam gives addresses
 * @param plugin wires pods
 */
record NodeNetwork(NodeSettings settings, SwitchableIpam ipam, NetworkPlugin plugin) {
    static NodeNetwork open(
            NodeSettings given,
            NodeParts parts,
            StateDirectory state,
            NamespaceRef namespace,
            AttachmentStore attachments,
            Optional<ClusterStore> store,
            Opened opened) {
        Path directory = state.directory("plugin", Names.cniId("network plugin", given.networkPlugin()));
        NetworkPluginProvider provider = parts.plugins().get(given.networkPlugin());
        NodeSettings settings = given;
        if (given.podCidrs().isEmpty()) {
            List<Cidr> chosen = Providers.required(
                    provider,
                    provider.allotPodCidrs(new NetworkPluginProvider.Allotment(
                            given.nodeName(), store, directory, given.pluginOptions())));
            given.services().check(chosen);
            settings = given.withPodCidrs(chosen);
        }
        SwitchableIpam ipam = opened.add(new SwitchableIpam(
                parts.ipam(),
                new IpamProvider.Context(
                        settings.networkPlugin(),
                        PodnetBuilder.rangesOf(settings.podCidrs()),
                        state.directory("ipam"),
                        settings.ipamOptions(),
                        store.map(shared -> new IpamProvider.Membership(given.nodeName(), shared)))));
        NetworkPlugin plugin = opened.add(Providers.required(
                provider,
                provider.create(new NodeContext(
                        settings.nodeName(),
                        namespace,
                        settings.podCidrs(),
                        settings.nonMasqueradeCidrs(),
                        settings.mtu(),
                        ipam,
                        attachments,
                        directory,
                        store,
                        settings.pluginOptions(),
                        parts.telemetry()))));
        return new NodeNetwork(settings, ipam, plugin);
    }
}
