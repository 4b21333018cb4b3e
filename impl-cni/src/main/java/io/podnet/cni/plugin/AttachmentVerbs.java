package io.podnet.cni.plugin;

import io.podnet.api.AttachmentId;
import io.podnet.api.Drift;
import io.podnet.api.PodNetworkStatus;
import io.podnet.api.PodPhase;
import io.podnet.api.PodnetException;
import io.podnet.cni.spec.CniCommand;
import io.podnet.cni.spec.CniDns;
import io.podnet.cni.spec.CniEnvironment;
import io.podnet.cni.spec.CniError;
import io.podnet.cni.spec.CniException;
import io.podnet.cni.spec.CniResult;
import io.podnet.cni.spec.JsonObject;
import io.podnet.cni.spec.PluginConfig;
import io.podnet.netlink.namespace.NetworkNamespace;
import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.NetworkPlugin;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** ADD, DEL and CHECK: what concerns one attachment. The caller serialises the calls for one. */
final class AttachmentVerbs {
    private static final Logger LOG = LoggerFactory.getLogger(AttachmentVerbs.class);
    private static final String PROVIDER = "bridge";

    private final Networks networks;
    private final ResultParts results;
    private final ForeignLinks foreign;
    private final IpamDelegate delegate;
    private final String bootId;

    AttachmentVerbs(
            Networks networks, ResultParts results, ForeignLinks foreign, IpamDelegate delegate, String bootId) {
        this.delegate = delegate;
        this.networks = networks;
        this.results = results;
        this.foreign = foreign;
        this.bootId = bootId;
    }

    private static AttachmentId id(CniEnvironment environment) {
        return new AttachmentId(environment.containerId(), environment.ifName());
    }

    /** Attaches; whatever fails leaves nothing, or a record that DEL works off. */
    CniResult add(CniEnvironment environment, PluginConfig config, NetworkNamespace pod) {
        if (!IpamDelegate.isFor(config)) {
            return add(environment, config, pod, Optional.empty());
        }
        // Read once for its errors: whoever asks for addresses has to give them back.
        NetworkSettings settings = networks.settings(config);
        networks.record(settings.name(), id(environment)).ifPresent(old -> requireGone(old, pod));
        networks.elsewhere(settings.name(), id(environment)).forEach(old -> requireGone(old, pod));
        CniResult given = delegate.add(environment, config);
        try {
            if (given.ips().isEmpty()) {
                throw new CniException(
                        CniError.INVALID_CONFIGURATION,
                        "the IPAM plugin '" + config.ipamType().orElse("") + "' gave no address",
                        "look at its configuration");
            }
            return add(environment, config, pod, Optional.of(given));
        } catch (RuntimeException e) {
            try {
                delegate.tell(environment.with(CniCommand.DEL), config);
            } catch (RuntimeException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
    }

    private CniResult add(
            CniEnvironment environment, PluginConfig config, NetworkNamespace pod, Optional<CniResult> given) {
        BridgeKeys keys = networks.keys(config, given);
        CniDns dns = keys.resolver();
        AttachmentRecord record = new AttachmentRecord(
                id(environment),
                PodRequest.spec(environment, config, given),
                PROVIDER,
                Path.of(environment.netns()),
                pod.inode(),
                false,
                bootId,
                Instant.now(),
                PodPhase.PENDING,
                "",
                Optional.empty());
        // One interface, one network: links are named after it, so the other network's would be taken for this one's.
        networks.elsewhere(keys.settings().name(), record.id()).forEach(old -> {
            requireGone(old, pod);
            takeDown(old);
        });
        PodNetworkStatus status;
        try {
            status = networks.with(keys.settings(), network -> attach(network, record, pod));
        } catch (PodnetException.NotFound flushed) {
            networks.reopen(keys.settings());
            status = networks.with(keys.settings(), network -> attach(network, record, pod));
        }
        return results.result(config.version(), keys, dns, status, environment.netns());
    }

    private PodNetworkStatus attach(OpenNetwork network, AttachmentRecord record, NetworkNamespace pod) {
        network.attachments().read(record.id()).ifPresent(old -> giveUp(network, old, pod));
        network.attachments().write(record);
        try {
            PodNetworkStatus status = network.plugin().setUpPod(new NetworkPlugin.SetUp(record, pod));
            network.attachments().write(record.running(status));
            return status;
        } catch (RuntimeException e) {
            takeBack(network, record, e);
            throw e;
        }
    }

    private static void takeBack(OpenNetwork network, AttachmentRecord record, RuntimeException cause) {
        try {
            network.plugin().tearDownPod(record);
            network.attachments().remove(record.id());
        } catch (PodnetException left) {
            cause.addSuppressed(left);
        }
    }

    /** A runtime that lost its DEL brings the container back in another namespace; in the same one the link is there. */
    private void giveUp(OpenNetwork network, AttachmentRecord old, NetworkNamespace pod) {
        requireGone(old, pod);
        network.plugin().tearDownPod(old);
        network.attachments().remove(old.id());
    }

    private void requireGone(AttachmentRecord old, NetworkNamespace pod) {
        boolean lives =
                old.phase() == PodPhase.RUNNING && old.bootId().equals(bootId) && old.netnsInode() == pod.inode();
        if (lives) {
            throw new PodnetException.Conflict("attachment " + old.id() + " is there already, in network "
                    + config(old).name().orElse("?") + "; DEL it first");
        }
    }

    /** Detaches; what is gone is gone, and the record of what is there says all that is needed. */
    void delete(CniEnvironment environment, PluginConfig config, Optional<NetworkNamespace> pod) {
        String network = config.name()
                .orElseThrow(() -> new CniException(
                        CniError.INVALID_CONFIGURATION, "the configuration has no 'name'", "name the network"));
        AttachmentId id;
        try {
            id = id(environment);
        } catch (PodnetException.Invalid refused) {
            LOG.atDebug().setCause(refused).log("nothing is attached by a name that ADD refuses");
            return;
        }
        Optional<AttachmentRecord> record = networks.record(network, id);
        record.ifPresentOrElse(this::takeDown, () -> takeOver(id, network, config, pod));
        PluginConfig asked = record.map(AttachmentVerbs::config)
                .filter(made -> !made.ipamType().equals(config.ipamType()))
                .orElse(config);
        if (IpamDelegate.mayHaveGiven(asked)) {
            delegate.tell(environment, asked);
        }
    }

    private void takeDown(AttachmentRecord record) {
        NetworkSettings settings =
                networks.keys(config(record), GivenAddresses.of(record)).settings();
        networks.takingDown(settings, network -> {
            network.plugin().tearDownPod(record);
            network.attachments().remove(record.id());
            return true;
        });
        networks.tidyUp(settings);
    }

    /** The configuration that an attachment was made with: the present one may name another bridge, or be of no use. */
    private static PluginConfig config(AttachmentRecord record) {
        return PluginConfig.read(JsonObject.parse(
                "record of " + record.id(), record.spec().annotations().getOrDefault(PodRequest.CONFIG, "{}")));
    }

    /** Made by the reference's plugins, before this one took over their configuration; or made never. */
    private void takeOver(AttachmentId id, String network, PluginConfig config, Optional<NetworkNamespace> pod) {
        if (networks.elsewhere(network, id).isEmpty()) {
            pod.ifPresent(namespace -> foreign.remove(namespace, id.ifName()));
        }
        NetworkSettings settings;
        try {
            settings = networks.settings(config);
        } catch (CniException | PodnetException.Invalid refused) {
            LOG.atWarn()
                    .addKeyValue("network", network)
                    .addKeyValue("attachment", id)
                    .setCause(refused)
                    .log("ADD refuses this configuration, so that nothing is attached by it");
            return;
        }
        networks.release(settings, id);
        networks.tidyUp(settings);
    }

    /** Compares the kernel with the record, and the record with what the runtime remembers. */
    void check(CniEnvironment environment, PluginConfig config, NetworkNamespace pod) {
        CniResult previous = config.prevResult()
                .orElseThrow(() -> new CniException(
                        CniError.INVALID_CONFIGURATION, "CHECK without 'prevResult'", "it is the result of ADD"));
        NetworkSettings asked = networks.settings(config);
        if (asked.given()) {
            delegate.tell(environment, config);
        }
        AttachmentId id = id(environment);
        AttachmentRecord record = networks.record(asked.name(), id)
                .filter(found -> found.status().isPresent())
                .orElseThrow(() -> new CniException(
                        CniError.UNKNOWN_CONTAINER, "no attachment " + id, "ADD was not called, or DEL was"));
        PreviousResult.compare(previous, record, environment.netns());
        if (record.netnsInode() != pod.inode()) {
            throw new CniException(
                    Errors.DIFFERENT,
                    "attachment " + id + " is of another network namespace",
                    "inode " + record.netnsInode() + ", not " + pod.inode());
        }
        List<Drift> drifts = networks.with(
                networks.keys(config, GivenAddresses.of(record)).settings(),
                network -> network.plugin().check(new NetworkPlugin.SetUp(record, pod)));
        if (!drifts.isEmpty()) {
            throw new CniException(
                    Errors.DIFFERENT,
                    String.valueOf(drifts.get(0)),
                    drifts.size() > 1 ? "and " + drifts.subList(1, drifts.size()) : "");
        }
    }
}
