package io.podnet.examples.agent;

import io.podnet.api.PodnetException;
import io.podnet.examples.desired.DesiredState;
import io.podnet.examples.desired.ManifestSource;
import io.podnet.examples.desired.Snapshot;
import io.podnet.examples.manifest.ObjectKey;
import io.podnet.examples.reconcile.PodNode;
import io.podnet.examples.state.Accepted;
import io.podnet.examples.state.AcceptedStore;
import io.podnet.examples.state.ServiceStore;
import io.podnet.examples.state.StatusStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop: look at the directory, write down what shall run, compare, act, look after the containers, wait for
 * something to happen. One thread does all of it; others only {@link #wake} or {@link #stop} it.
 */
final class Agent {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
    private static final Duration TEAR_DOWN = Duration.ofSeconds(30);
    private static final Duration BEING_WRITTEN = Duration.ofMillis(50);

    private final PodNode node;
    private final ManifestSource directory;
    private final AcceptedStore store;
    private final StatusStore statuses;
    private final Surroundings around;
    private final Duration resync;
    private final Semaphore events = new Semaphore(0);
    private final Fleet fleet;
    private final ServiceDirectory services;
    private final Runnable facts;
    private final Complaints complaints = new Complaints();
    private final NavigableMap<ObjectKey, Accepted> accepted = new TreeMap<>();
    private volatile boolean stopped;

    /**
     * Prepares the loop.
     *
     * @param facts writes down what is known of the node
     */
    Agent(
            PodnetNode node,
            ManifestSource directory,
            Path stateDirectory,
            Surroundings around,
            Duration resync,
            Runnable facts) {
        this.node = node;
        this.directory = directory;
        this.store = new AcceptedStore(stateDirectory);
        this.statuses = new StatusStore(stateDirectory);
        this.around = around;
        this.resync = resync;
        this.fleet = new Fleet(node, statuses, around, this::wake);
        this.services = new ServiceDirectory(node, new ServiceStore(stateDirectory));
        this.facts = facts;
        node.onServicesChanged(this::wake);
    }

    /** Tells the loop that something happened. For any thread. */
    void wake() {
        events.release();
    }

    /** Ends the loop. For any thread. */
    void stop() {
        stopped = true;
        wake();
    }

    /** Takes over what an earlier agent left. */
    void recover() {
        statuses.saveNodeName(around.nodeName());
        accepted.putAll(store.load());
        fleet.recover(DesiredState.pods(accepted));
    }

    /** Loops until {@link #stop}; before each look at the directory the watch may be renewed. */
    void run(Runnable beforeEachRound) throws InterruptedException {
        while (!stopped) {
            Instant next = around.clock().instant().plus(resync);
            beforeEachRound.run();
            try {
                fleet.trimLogs();
                next = earlier(next, round());
            } catch (PodnetException.StateFailure | PodnetException.NotFound e) {
                // The directory or the disk is away: what runs, runs on, and nothing is decided.
                complaints.problem(String.valueOf(e.getMessage()));
                fleet.tick();
            }
            await(next);
        }
    }

    /** Works until nothing is left to be done at once. */
    void runOnce() throws InterruptedException {
        Instant next = round();
        while (!stopped && !(fleet.isSettled() && services.isSettled())) {
            await(next);
            next = round();
        }
    }

    private Instant round() {
        Snapshot snapshot = directory.scan();
        DesiredState desired = DesiredState.merge(snapshot.files(), accepted);
        complaints.about(desired);
        store.replace(accepted, desired.objects());
        accepted.clear();
        accepted.putAll(desired.objects());
        do {
            fleet.apply(desired);
        } while (fleet.tick());
        services.apply(desired);
        fleet.publish(desired);
        services.publish(desired);
        facts.run();
        Instant now = around.clock().instant();
        Instant next = snapshot.settled() ? now.plus(resync) : now.plus(BEING_WRITTEN);
        return fleet.due().map(due -> earlier(next, due)).orElse(next);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private void await(Instant until) throws InterruptedException {
        long millis =
                Math.max(1, Duration.between(around.clock().instant(), until).toMillis());
        if (!stopped && events.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
            events.drainPermits();
        }
    }

    /** Removes all pods and what they share. */
    void removeAll() throws InterruptedException {
        LOG.info("removing {} pods", fleet.size());
        fleet.terminateAll("the agent ends");
        Instant limit = around.clock().instant().plus(fleet.longestGrace()).plus(TEAR_DOWN);
        while (!fleet.isEmpty()) {
            fleet.tick();
            if (around.clock().instant().isAfter(limit)) {
                throw new PodnetException.TimedOut(
                        "pods " + fleet.ids()
                                + " could not be removed in time; start the agent again with the same state directory to finish");
            }
            if (events.tryAcquire(BEING_WRITTEN.toMillis(), TimeUnit.MILLISECONDS)) {
                events.drainPermits();
            }
        }
        store.replace(accepted, Map.of());
        node.removeAll();
        services.forgetAll();
    }

    /** What is not as the manifests say, by object. */
    Map<ObjectKey, String> failures() {
        Map<ObjectKey, String> failures = new TreeMap<>();
        fleet.failures().forEach((pod, message) -> failures.put(ObjectKey.of(pod), message));
        services.failures().forEach((service, message) -> failures.put(ObjectKey.of(service), message));
        return failures;
    }

    int size() {
        return fleet.size();
    }
}
