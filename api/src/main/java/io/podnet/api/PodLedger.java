package io.podnet.api;

import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.AttachmentStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which pods a node has: those that run, and those of which something is left. Safe for any thread, as long as each pod is one
 * thread's at a time.
 */
final class PodLedger {
    private final AttachmentStore attachments;
    private final AttachmentRemoval removal;
    private final NodeServices services;
    private final ConcurrentHashMap<PodId, PodNetwork> running = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<PodId, AttachmentRecord> unfinished = new ConcurrentHashMap<>();

    PodLedger(AttachmentStore attachments, AttachmentRemoval removal, NodeServices services) {
        this.attachments = attachments;
        this.removal = removal;
        this.services = services;
    }

    void runs(PodNetwork pod) {
        running.put(pod.id(), pod);
    }

    Optional<PodNetwork> find(PodId pod) {
        return Optional.ofNullable(running.get(pod));
    }

    PodNetwork get(PodId pod) {
        return find(pod).orElseThrow(() -> new PodnetException.NotFound("pod " + pod + " is not set up"));
    }

    List<PodNetwork> running() {
        return running.values().stream()
                .sorted(Comparator.comparing(PodNetwork::id))
                .toList();
    }

    /** All pods, those of which something is left too. */
    Set<PodId> all() {
        Set<PodId> all = new HashSet<>(running.keySet());
        all.addAll(unfinished.keySet());
        return all;
    }

    List<AttachmentRecord> records(Collection<PodId> pods) {
        return pods.stream()
                .distinct()
                .map(this::record)
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<AttachmentRecord> record(PodId pod) {
        return find(pod).map(PodNetwork::record).or(() -> Optional.ofNullable(unfinished.get(pod)));
    }

    /** Removes what is left of an earlier pod of a name, which must not run. */
    void makeRoom(PodId pod) {
        AttachmentRecord left = unfinished.get(pod);
        if (left != null) {
            removal.remove(left);
            unfinished.remove(pod);
        }
        requireNew(pod);
    }

    void requireNew(PodId pod) {
        if (running.containsKey(pod)) {
            throw new PodnetException.Conflict(
                    "pod " + pod + " is set up already; tear it down first, or choose another name");
        }
    }

    /** Removes what an earlier process left of a pod; where that fails, whoever sets it up tries again. */
    void sweep(AttachmentRecord record) {
        try {
            removal.remove(record);
        } catch (PodnetException e) {
            unfinished.put(record.spec().id(), record);
            throw e;
        }
    }

    /** Removes what a set-up made before it failed. */
    void takeBack(AttachmentRecord record, Throwable cause) {
        try {
            removal.remove(record);
        } catch (PodnetException again) {
            cause.addSuppressed(again);
            keepUnfinished(record, cause);
        }
    }

    /** Removes pods; one of which something stays is none that runs any more, for this process and for the next. */
    void remove(List<AttachmentRecord> records) {
        List<PodnetException> failures = new ArrayList<>();
        List<AttachmentRecord> left = removal.removeAll(
                records,
                failures,
                // Before the network goes, so that services send nobody there any more and no socket keeps the
                // namespace.
                () -> services.gone(
                        records.stream().map(record -> record.spec().id()).toList()));
        records.forEach(record -> forget(record.spec().id()));
        if (!left.isEmpty()) {
            PodnetException incomplete = AttachmentRemoval.incomplete(left, failures);
            left.forEach(record -> keepUnfinished(record, incomplete));
            throw incomplete;
        }
    }

    private void forget(PodId pod) {
        PodNetwork gone = running.remove(pod);
        if (gone != null) {
            gone.release();
        }
        unfinished.remove(pod);
    }

    private void keepUnfinished(AttachmentRecord record, Throwable cause) {
        AttachmentRecord failed = record.failed(String.valueOf(cause.getMessage()));
        unfinished.put(record.spec().id(), failed);
        try {
            attachments.write(failed);
        } catch (PodnetException e) {
            // The older record is intact and says enough to finish.
            cause.addSuppressed(e);
        }
    }

    /** Lets go of the pods, which run on. */
    void release() {
        running.values().forEach(PodNetwork::release);
    }
}
