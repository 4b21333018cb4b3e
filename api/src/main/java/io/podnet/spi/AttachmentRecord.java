package io.podnet.spi;

import io.podnet.api.API;
import io.podnet.api.AttachmentId;
import io.podnet.api.PodNetworkStatus;
import io.podnet.api.PodPhase;
import io.podnet.api.PodSpec;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Everything that teardown needs, written before the first kernel change: with the namespace gone, the configuration
 * gone and the process restarted, this record alone finishes the work.
 *
 * @param id the attachment
 * @param spec the pod
 * @param networkPlugin the name of the provider that made the attachment, which also removes it
 * @param netns the pin of the pod's network namespace
 * @param netnsInode the namespace's inode; 0 where it was not made yet when the record was written
 * @param ownsNetns true where Podnet made the namespace and removes it, false where the host brought it
 * @param bootId {@code /proc/sys/kernel/random/boot_id} at set-up: after a reboot the kernel's objects are gone
 * @param created when set-up began
 * @param phase how far it came
 * @param message why it failed; empty otherwise
 * @param status the network, once it is set up
 */
@API(status = API.Status.STABLE, since = "0.1")
public record AttachmentRecord(
        AttachmentId id,
        PodSpec spec,
        String networkPlugin,
        Path netns,
        long netnsInode,
        boolean ownsNetns,
        String bootId,
        Instant created,
        PodPhase phase,
        String message,
        Optional<PodNetworkStatus> status) {
    public AttachmentRecord {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(spec, "spec");
        Objects.requireNonNull(networkPlugin, "networkPlugin");
        Objects.requireNonNull(netns, "netns");
        Objects.requireNonNull(bootId, "bootId");
        Objects.requireNonNull(created, "created");
        Objects.requireNonNull(phase, "phase");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(status, "status");
    }

    /**
     * Notes the namespace that was made.
     *
     * @param inode its inode
     * @return a copy
     */
    public AttachmentRecord withNetnsInode(long inode) {
        return new AttachmentRecord(
                id, spec, networkPlugin, netns, inode, ownsNetns, bootId, created, phase, message, status);
    }

    /**
     * Notes that set-up is done.
     *
     * @param done the network
     * @return a copy in phase Running
     */
    public AttachmentRecord running(PodNetworkStatus done) {
        return new AttachmentRecord(
                id,
                spec,
                networkPlugin,
                netns,
                netnsInode,
                ownsNetns,
                bootId,
                created,
                PodPhase.RUNNING,
                "",
                Optional.of(done));
    }

    /**
     * Notes a failure.
     *
     * @param why the reason, for people
     * @return a copy in phase Failed
     */
    public AttachmentRecord failed(String why) {
        return new AttachmentRecord(
                id, spec, networkPlugin, netns, netnsInode, ownsNetns, bootId, created, PodPhase.FAILED, why, status);
    }
}
