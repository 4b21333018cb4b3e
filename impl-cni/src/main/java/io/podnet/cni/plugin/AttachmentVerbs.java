package io.podnet.cni.plugin;

import io.podnet.api.AttachmentId;
import io.podnet.api.Drift;
import io.podnet.api.PodNetworkStatus;
import io.podnet.api.PodPhase;
import io.podnet.api.PodnetException;
import io.podnet.cni.spec.CniCommand;
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

/** ADD, DEL and CHECK: what concerns one attachment. The caller serialises the calls for one. */
final class AttachmentVerbs {
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
        PodNetworkStatus status;
        try {
            status = networks.with(keys.settings(), network -> attach(network, record, pod));
        } catch (PodnetException.NotFound flushed) {
            networks.reopen(keys.settings());
            status = networks.with(keys.settings(), network -> attach(network, record, pod));
        }
        return results.result(config.version(), keys, status, environment.netns());
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
            throw new PodnetException.Conflict("attachment " + old.id() + " is there already; DEL it first");
        }
    }

    /** Detaches; what is gone is gone. */
    void delete(CniEnvironment environment, PluginConfig config, Optional<NetworkNamespace> pod) {
        AttachmentId id = id(environment);
        NetworkSettings asked = networks.settings(config);
        Optional<AttachmentRecord> record = networks.record(asked.name(), id);
        NetworkSettings settings = record.map(this::settings)
                .filter(made -> made.name().equals(asked.name()))
                .orElse(asked);
        networks.with(settings, network -> {
            if (record.isPresent()) {
                network.plugin().tearDownPod(record.get());
                network.attachments().remove(id);
            } else {
                // Made by the reference's plugins, before this one took over their configuration; or made never.
                network.ipam().release(id);
                pod.ifPresent(namespace -> foreign.remove(namespace, environment.ifName()));
            }
            return true;
        });
        networks.tidyUp(settings);
        if (asked.given()) {
            delegate.tell(environment, config);
        }
    }

    /** The configuration that an attachment was made with: the present one may name another bridge. */
    private NetworkSettings settings(AttachmentRecord record) {
        String config = record.spec().annotations().getOrDefault(PodRequest.CONFIG, "{}");
        return networks.keys(
                        PluginConfig.read(JsonObject.parse("record of " + record.id(), config)),
                        GivenAddresses.of(record))
                .settings();
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
