package io.podnet.api;

import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.NetworkPlugin;
import io.podnet.spi.PodSandbox;
import io.podnet.spi.Sandboxes;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds again what an earlier process left running: the record says so, and the kernel must agree. */
record Adoption(
        String networkPlugin, String bootId, Sandboxes sandboxes, NetworkPlugin plugin, AttachmentRemoval removal) {
    private static final Logger LOG = LoggerFactory.getLogger(Podnet.class);

    /**
     * Refuses a plugin that would take down what another wired, whose links and rules it does not know.
     *
     * @throws PodnetException.Conflict where pods of this boot are another plugin's
     */
    static void requirePlugin(String name, List<AttachmentRecord> records) {
        String bootId = StateDirectory.bootId();
        for (AttachmentRecord record : records) {
            // Of an earlier boot nothing is left in the kernel.
            if (record.bootId().equals(bootId) && !record.networkPlugin().equals(name)) {
                throw new PodnetException.Conflict("pod " + record.spec().id() + " was set up by the network plugin '"
                        + record.networkPlugin() + "', and this start is with '" + name
                        + "'; start with networkPlugin(\"" + record.networkPlugin()
                        + "\") and tear its pods down first, or give this node another state directory");
            }
        }
    }

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
            if (!leadsToTheSame(record)) {
                // Somebody else's namespace by now, in which nothing must be touched.
                return Optional.empty();
            }
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

    private static boolean leadsToTheSame(AttachmentRecord record) {
        try {
            return Files.getAttribute(record.netns(), "unix:ino").equals(record.netnsInode());
        } catch (IOException e) {
            return false;
        }
    }
}
