package io.podnet.api;

import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.AttachmentStore;
import io.podnet.spi.NetworkPlugin;
import io.podnet.spi.Sandboxes;
import io.podnet.spi.telemetry.Course;
import io.podnet.spi.telemetry.Observation;
import io.podnet.spi.telemetry.Telemetry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Removes all that attachments have, from their records alone. Each step is tried whatever became of those before it,
 * and a record goes last, so that what stays has an owner who can try again.
 */
final class AttachmentRemoval {
    private static final int NAMED = 5;

    private final NetworkPlugin plugin;
    private final Sandboxes sandboxes;
    private final AttachmentStore attachments;
    private final Path state;
    private final Telemetry telemetry;

    AttachmentRemoval(
            NetworkPlugin plugin, Sandboxes sandboxes, AttachmentStore attachments, Path state, Telemetry telemetry) {
        this.plugin = plugin;
        this.sandboxes = sandboxes;
        this.attachments = attachments;
        this.state = state;
        this.telemetry = telemetry;
    }

    Path directory(AttachmentRecord record) {
        return StateDirectory.podDirectory(state, record.id().sandboxId());
    }

    Sandboxes.Pins pins(AttachmentRecord record) {
        // What exists has its name, so the domain of today does not count.
        return pins(record, record.spec().effectiveHostname());
    }

    Sandboxes.Pins pins(AttachmentRecord record, String nodename) {
        return new Sandboxes.Pins(record.netns(), directory(record), nodename);
    }

    /** Takes back what a plugin made for all pods, for a start that fails after it; where there are pods, it stays theirs. */
    static void takeBackShared(NetworkPlugin plugin, AttachmentStore attachments, RuntimeException cause) {
        try {
            if (attachments.list().isEmpty()) {
                plugin.removeShared();
            }
        } catch (PodnetException again) {
            cause.addSuppressed(again);
        }
    }

    /** Removes one. */
    void remove(AttachmentRecord record) {
        List<PodnetException> failures = new ArrayList<>();
        List<AttachmentRecord> left = removeAll(List.of(record), failures, () -> {});
        if (!left.isEmpty()) {
            throw incomplete(left, failures);
        }
    }

    /**
     * Removes several, which costs far less than one by one. Gives those of which something stays.
     *
     * @param withdraw tells those who send somebody there; it must not throw
     */
    List<AttachmentRecord> removeAll(
            List<AttachmentRecord> records, List<PodnetException> failures, Runnable withdraw) {
        List<Observation> whole = records.stream()
                .map(record ->
                        telemetry.begin(Phase.POD_TEAR_DOWN, record.spec().id()))
                .toList();
        Course common = telemetry.course(records.get(0).spec().id());
        common.enter(Phase.TEAR_DOWN_READINESS);
        withdraw.run();
        common.enter(Phase.TEAR_DOWN_NETWORK);
        List<NetworkPlugin.Outcome> outcomes = tearDownPods(records);
        outcomes.stream()
                .flatMap(outcome -> outcome.failure().stream())
                .findFirst()
                .ifPresentOrElse(common::failed, common::succeeded);
        List<AttachmentRecord> left = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            int before = failures.size();
            outcomes.get(i).failure().ifPresent(failures::add);
            remove(records.get(i), failures, before);
            if (failures.size() > before) {
                left.add(records.get(i));
                whole.get(i).failed(failures.get(before));
            } else {
                whole.get(i).succeeded();
            }
        }
        return left;
    }

    private void remove(AttachmentRecord record, List<PodnetException> failures, int before) {
        Course course = telemetry.course(record.spec().id());
        int begun = failures.size();
        course.enter(Phase.TEAR_DOWN_NAMESPACE);
        if (record.ownsNetns()) {
            attempt(failures, () -> sandboxes.remove(pins(record), record.netnsInode()));
        }
        attempt(failures, () -> removePodDirectory(record));
        if (failures.size() == before) {
            course.enter(Phase.TEAR_DOWN_JOURNAL);
            attempt(failures, () -> attachments.remove(record.id()));
        }
        if (failures.size() == begun) {
            course.succeeded();
        } else {
            course.failed(failures.get(failures.size() - 1));
        }
    }

    static PodnetException incomplete(List<AttachmentRecord> left, List<PodnetException> failures) {
        return new PodnetException.Incomplete(
                "teardown of "
                        + left.stream()
                                .map(record -> record.spec().id().toString())
                                .limit(NAMED)
                                .toList() + " left something: "
                        + failures.get(0).getMessage(),
                failures);
    }

    private List<NetworkPlugin.Outcome> tearDownPods(List<AttachmentRecord> records) {
        try {
            return plugin.tearDownPods(records);
        } catch (PodnetException e) {
            // The namespaces go all the same, and with them most of what the plugin could not remove.
            return records.stream()
                    .map(record -> new NetworkPlugin.Outcome(record.id(), Optional.empty(), Optional.of(e)))
                    .toList();
        }
    }

    private void removePodDirectory(AttachmentRecord record) {
        Path directory = directory(record);
        try {
            StateDirectory.removeFlat(directory);
        } catch (IOException e) {
            throw new PodnetException.StateFailure("directory " + directory + " cannot be removed: " + e, e);
        }
    }

    private static void attempt(List<PodnetException> failures, Runnable step) {
        try {
            step.run();
        } catch (PodnetException e) {
            failures.add(e);
        }
    }
}
