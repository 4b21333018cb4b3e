package io.podnet.cni.plugin;

import io.podnet.api.AttachmentId;
import io.podnet.api.Condition;
import io.podnet.api.PodnetException;
import io.podnet.cni.spec.CniCommand;
import io.podnet.cni.spec.CniEnvironment;
import io.podnet.cni.spec.CniError;
import io.podnet.cni.spec.CniException;
import io.podnet.cni.spec.PluginConfig;
import io.podnet.cni.spec.ValidAttachment;
import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.Ipam;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** GC and STATUS: what concerns a network. */
final class NetworkVerbs {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkVerbs.class);

    private final Networks networks;
    private final NetworkFiles files;
    private final OpenNetwork.Opener opener;
    private final IpamDelegate delegate;

    NetworkVerbs(Networks networks, NetworkFiles files, OpenNetwork.Opener opener, IpamDelegate delegate) {
        this.delegate = delegate;
        this.networks = networks;
        this.files = files;
        this.opener = opener;
    }

    /** Removes everything of this network that belongs to no valid attachment, and goes on past errors. */
    void collectGarbage(CniEnvironment environment, PluginConfig config) {
        NetworkSettings settings = networks.settings(config);
        if (config.json().get(ValidAttachment.FIELD).isMissingNode()
                && config.json().get(ValidAttachment.OLD_FIELD).isMissingNode()) {
            // libcni leaves the list out where it was given none (cnitool does so) and has called DEL for all it knew.
            LOG.atWarn()
                    .addKeyValue("network", settings.name())
                    .log("GC without a list of what is valid removes nothing");
            return;
        }
        Set<AttachmentId> valid = new HashSet<>();
        for (ValidAttachment one : ValidAttachment.read(config.json())) {
            valid.add(new AttachmentId(one.containerId(), one.ifName()));
        }
        List<PodnetException> failures = new ArrayList<>();
        networks.takingDownAlone(settings, network -> {
            List<AttachmentRecord> stale = network.attachments().list().stream()
                    .filter(record -> !valid.contains(record.id()))
                    .toList();
            network.plugin()
                    .tearDownPods(stale)
                    .forEach(outcome -> outcome.failure()
                            .ifPresentOrElse(
                                    failures::add, () -> network.attachments().remove(outcome.id())));
            // Links of other networks may be on the same bridge.
            Set<AttachmentId> kept = new HashSet<>(valid);
            kept.addAll(others(settings.name()));
            List<String> removed = network.plugin().gc(kept);
            LOG.atInfo()
                    .addKeyValue("network", settings.name())
                    .addKeyValue("attachments", stale.size())
                    .addKeyValue("strays", removed)
                    .log("collected");
            return true;
        });
        if (!failures.isEmpty()) {
            throw new PodnetException.Incomplete(
                    "GC of network " + settings.name() + ": " + failures.get(0).getMessage(), failures);
        }
        networks.tidyUp(settings);
        if (settings.given() && config.version().isAtLeast(CniCommand.GC.since())) {
            delegate.tell(environment, config);
        }
    }

    private Set<AttachmentId> others(String network) {
        Set<AttachmentId> ids = new HashSet<>();
        for (String name : files.networks()) {
            if (!name.equals(network)) {
                files.store(name).list().forEach(record -> ids.add(record.id()));
            }
        }
        return ids;
    }

    /** Tells whether ADD can be served; nothing is made for the question. */
    void status(CniEnvironment environment, PluginConfig config) {
        BridgeKeys keys = networks.keys(config, Optional.empty());
        keys.resolver();
        NetworkSettings settings = keys.settings();
        if (settings.given()) {
            delegate.tell(environment, config);
        }
        Condition condition;
        if (networks.isOpen(settings)) {
            condition = networks.with(settings, network -> network.plugin().status());
        } else {
            try (Ipam ipam = opener.ipam(settings)) {
                condition = ipam.status().condition();
            }
        }
        if (condition.code() == Condition.Code.LIMITED) {
            // CNI has no code for "yes, but": 51 says that ADD cannot be served, too.
            LOG.atWarn().addKeyValue("network", settings.name()).log(condition.message());
        }
        if (condition.code() == Condition.Code.NOT_READY) {
            boolean felt = condition.reason().equals("BridgeDrifted");
            throw new CniException(
                    felt ? CniError.LIMITED_CONNECTIVITY : CniError.NOT_AVAILABLE,
                    condition.message(),
                    condition.reason());
        }
    }
}
