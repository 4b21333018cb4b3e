package io.podnet.api;

import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.NetworkPlugin;
import io.podnet.spi.PodSandbox;
import io.podnet.spi.Sandboxes;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds again what an earlier process left running: the record says so, and the kernel must agree. */
record Adoption(
        String networkPlugin, String bootId, Sandboxes sandboxes, NetworkPlugin plugin, AttachmentRemoval removal) {
    private static final Logger LOG = LoggerFactory.getLogger(Podnet.class);

    /** Opens a pod's sandbox where pod and network are as the record says; empty where something is not. */
    Optional<PodSandbox> find(AttachmentRecord record) {
        if (record.phase() != PodPhase.RUNNING
                || record.status().isEmpty()
                || !record.bootId().equals(bootId)
                || !record.networkPlugin().equals(networkPlugin)) {
            return Optional.empty();
        }
        Optional<PodSandbox> sandbox =
                record.ownsNetns() ? sandboxes.open(removal.pins(record), record.netnsInode()) : rejoin(record);
        if (sandbox.isEmpty()) {
            return Optional.empty();
        }
        NetworkPlugin.SetUp attachment =
                new NetworkPlugin.SetUp(record, sandbox.get().network());
        if (plugin.podNetworkStatus(attachment).isEmpty()) {
            sandbox.get().close();
            return Optional.empty();
        }
        return sandbox;
    }

    private Optional<PodSandbox> rejoin(AttachmentRecord record) {
        try {
            PodSandbox sandbox = sandboxes.join(record.netns(), removal.directory(record));
            if (sandbox.network().inode() == record.netnsInode()) {
                return Optional.of(sandbox);
            }
            sandbox.close();
        } catch (PodnetException.Invalid | PodnetException.NotFound gone) {
            LOG.atDebug()
                    .addKeyValue("namespace", record.spec().id().namespace())
                    .addKeyValue("pod", record.spec().id().name())
                    .setCause(gone)
                    .log("the pod's network namespace is gone");
        }
        return Optional.empty();
    }
}
