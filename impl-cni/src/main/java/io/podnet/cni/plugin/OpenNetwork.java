package io.podnet.cni.plugin;

import io.podnet.api.Cidr;
import io.podnet.api.NamespaceRef;
import io.podnet.api.PodnetException;
import io.podnet.spi.AttachmentStore;
import io.podnet.spi.Ipam;
import io.podnet.spi.IpamProvider;
import io.podnet.spi.NetworkPlugin;
import io.podnet.spi.NetworkPluginProvider;
import io.podnet.spi.NodeContext;
import io.podnet.spi.Providers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A network with its providers at work.
 *
 * @param settings what it was opened with
 * @param plugin makes the links
 * @param ipam gives the addresses
 * @param attachments its records
 */
record OpenNetwork(NetworkSettings settings, NetworkPlugin plugin, Ipam ipam, AttachmentStore attachments)
        implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenNetwork.class);
    private static final Duration QUIESCE = Duration.ofSeconds(5);
    private static final String PLUGIN = "bridge";
    private static final String IPAM = "host-local";

    /** Opens networks in one namespace; the providers are looked for once. */
    static final class Opener {
        private final NetworkFiles files;
        private final NamespaceRef node;
        private final NetworkPluginProvider plugins;
        private final IpamProvider ipams;

        Opener(NetworkFiles files, NamespaceRef node, ClassLoader loader) {
            this.files = files;
            this.node = node;
            this.plugins =
                    Providers.discover(NetworkPluginProvider.class, loader).get(PLUGIN);
            this.ipams = Providers.discover(IpamProvider.class, loader).get(IPAM);
        }

        OpenNetwork open(NetworkSettings settings) {
            files.prepare(settings.name());
            Ipam ipam = ipam(settings);
            try {
                AttachmentStore attachments = files.store(settings.name());
                NetworkPlugin plugin = plugins.create(new NodeContext(
                        "localhost",
                        node,
                        List.of(),
                        MULTICAST,
                        settings.mtu(),
                        ipam,
                        attachments,
                        files.provider(settings.name()),
                        Optional.empty(),
                        settings.options()));
                return new OpenNetwork(settings, plugin, ipam, attachments);
            } catch (RuntimeException e) {
                ipam.close();
                throw e;
            }
        }

        /** host-local hands an address out again at once when it comes round; so do we, or small ranges would run dry. */
        Ipam ipam(NetworkSettings settings) {
            if (settings.given()) {
                return new GivenAddresses(settings.ranges(), files.store(settings.name()));
            }
            return settings.ranges().isEmpty()
                    ? new NoAddresses()
                    : ipams.create(new IpamProvider.Context(
                            settings.name(), settings.ranges(), settings.dataDirectory(), Map.of("coolDown", "PT0S")));
        }
    }

    /** What the reference's masquerade leaves alone (pkg/ip/ipmasq_linux.go). */
    private static final List<Cidr> MULTICAST = List.of(Cidr.parse("224.0.0.0/4"), Cidr.parse("ff00::/8"));

    /** Ends this process's part; what was torn down before is freed first, since nobody else would. */
    @Override
    public void close() {
        try {
            plugin.quiesce(QUIESCE);
        } catch (PodnetException left) {
            LOG.atWarn().addKeyValue("network", settings.name()).setCause(left).log("links are left");
        }
        plugin.close();
        ipam.close();
    }
}
