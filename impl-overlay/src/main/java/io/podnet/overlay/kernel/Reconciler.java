package io.podnet.overlay.kernel;

import io.podnet.api.Phase;
import io.podnet.api.PodnetException;
import io.podnet.overlay.model.Delta;
import io.podnet.overlay.model.OverlayModel;
import io.podnet.overlay.model.OwnNode;
import io.podnet.overlay.model.PeerPath;
import io.podnet.overlay.model.Row;
import io.podnet.overlay.model.Underlay;
import io.podnet.spi.telemetry.Observation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the kernel as the model says, on one thread. A change costs its own rows; everything is read and compared at the start,
 * after the kernel refused or events were lost, and from time to time. Rows that nobody wants are dropped only after every
 * source has given a complete snapshot.
 */
public final class Reconciler implements AutoCloseable, OverlayKernel.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    /** How long to look on before a row is repaired: what we do ourselves is heard too. */
    private static final long SETTLE_MILLIS = 30;

    /** How long to look away after nf_tables changed: others may change theirs all the time. */
    private static final long FILTER_MILLIS = 1_000;

    private static final long FIRST_RETRY_MILLIS = 100;
    private static final long LONGEST_RETRY_MILLIS = 5_000;

    private final OverlayKernel kernel;
    private final OverlayModel model;
    private final OverlayEvents events;
    private final Consumer<OwnNode> ownChanged;
    private final Duration refresh;
    private final Deviations deviations;
    private final Worker worker;
    private final Object seenLock = new Object();
    private Map<Row.Key, Optional<Row>> seen = new HashMap<>();
    private final AtomicBoolean filterPlanned = new AtomicBoolean();

    // Everything below belongs to the worker.
    private Delta pending = new Delta();
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
    private boolean flushPlanned;
    private boolean allPlanned;
    private boolean inSync;
    private boolean everInSync;
    private int snapshotsMissing;
    private long retryMillis = FIRST_RETRY_MILLIS;
    private Optional<PodnetException> trouble = Optional.empty();

    /**
     * Makes a reconciler, which does nothing before {@link #start}.
     *
     * @param kernel the node's kernel; not closed by this
     * @param model belongs to this from now on
     * @param snapshots how many sources must have given a complete snapshot before anything is swept
     * @param refresh how often to compare everything
     * @param events is told of repairs
     * @param ownChanged is told where the node's underlay changed; must not wait
     */
    public Reconciler(
            OverlayKernel kernel,
            OverlayModel model,
            int snapshots,
            Duration refresh,
            OverlayEvents events,
            Consumer<OwnNode> ownChanged) {
        this.kernel = kernel;
        this.model = model;
        this.snapshotsMissing = snapshots;
        this.refresh = refresh;
        this.events = events;
        this.ownChanged = ownChanged;
        this.deviations = new Deviations(model, events);
        this.worker = new Worker("podnet-overlay-" + model.own().name());
    }

    /**
     * Brings the kernel to the model for the first time, and waits for it.
     *
     * @throws PodnetException where a device or a table cannot be made
     */
    public void start() {
        kernel.listen(this);
        try {
            CompletableFuture.runAsync(this::all, worker).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof PodnetException ours ? ours : e;
        }
        worker.regularly(refresh, () -> later(0));
    }

    /**
     * Changes the model, and the kernel soon after.
     *
     * @param change runs on the worker; gives what changes
     * @return complete when the kernel has it
     */
    public CompletableFuture<Void> change(Function<OverlayModel, Delta> change) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        try {
            worker.execute(() -> {
                try {
                    pending.add(change.apply(model));
                    waiting.add(done);
                    planFlush();
                } catch (RuntimeException e) {
                    done.completeExceptionally(e);
                    throw e;
                }
            });
        } catch (RejectedExecutionException closed) {
            done.completeExceptionally(new PodnetException.Conflict("the overlay is closed"));
        }
        return done;
    }

    /**
     * Changes the model, and the kernel soon after; nobody waits for it.
     *
     * @param change runs on the worker; gives what changes
     */
    public void hand(Function<OverlayModel, Delta> change) {
        worker.soon(() -> {
            pending.add(change.apply(model));
            planFlush();
        });
    }

    /** Says that a source has given a complete snapshot for the first time; changes that were made before count. */
    public void snapshotCame() {
        worker.soon(() -> {
            snapshotsMissing--;
            if (snapshotsMissing == 0) {
                inSync = false;
            }
            planFlush();
        });
    }

    /**
     * Asks the model.
     *
     * @param question runs on the worker
     * @param <T> what is asked
     * @return the answer
     */
    public <T> CompletableFuture<T> ask(Function<OverlayModel, T> question) {
        return CompletableFuture.supplyAsync(() -> question.apply(model), worker);
    }

    /**
     * Tells how the peers are reached.
     *
     * @return one for each peer and family
     */
    public List<PeerPath> paths() {
        return ask(OverlayModel::paths).join();
    }

    /**
     * Tells what the kernel refused last.
     *
     * @return empty where all is as it should be
     */
    public Optional<PodnetException> trouble() {
        return ask(ignored -> trouble).join();
    }

    /**
     * Compares everything, changing nothing.
     *
     * @return what would be put or dropped
     */
    public Delta differences() {
        return ask(ignored -> differing()).join();
    }

    @Override
    public void seen(Row.Key key, Optional<Row> now) {
        boolean first;
        synchronized (seenLock) {
            first = seen.isEmpty();
            seen.put(key, now);
        }
        if (first) {
            worker.after(SETTLE_MILLIS, this::look);
        }
    }

    @Override
    public void lost() {
        later(SETTLE_MILLIS);
    }

    @Override
    public void filterChanged() {
        if (filterPlanned.compareAndSet(false, true)) {
            worker.after(FILTER_MILLIS, this::lookAtFilter);
        }
    }

    private void lookAtFilter() {
        filterPlanned.set(false);
        // Where all is not in sync, everything will be compared.
        if (inSync && !kernel.isFilterSound()) {
            later(0);
        }
    }

    /** Plans to compare everything, once for many reasons. */
    private void later(long millis) {
        worker.soon(() -> {
            if (!allPlanned) {
                allPlanned = true;
                worker.after(millis, this::all);
            }
        });
    }

    private void planFlush() {
        if (!flushPlanned) {
            flushPlanned = true;
            // Behind the changes that wait already, so that they share a batch.
            worker.soon(this::flush);
        }
    }

    private void flush() {
        flushPlanned = false;
        if (!inSync) {
            if (!allPlanned) {
                allPlanned = true;
                all();
            }
            return;
        }
        Delta delta = pending;
        pending = new Delta();
        List<PodnetException> failures = delta.isEmpty() ? List.of() : kernel.apply(delta);
        if (!failures.isEmpty()) {
            refused(failures);
            return;
        }
        succeeded();
    }

    private void succeeded() {
        trouble = Optional.empty();
        retryMillis = FIRST_RETRY_MILLIS;
        List<CompletableFuture<Void>> done = List.copyOf(waiting);
        waiting.clear();
        done.forEach(future -> future.complete(null));
    }

    private void refused(List<PodnetException> failures) {
        inSync = false;
        trouble = Optional.of(failures.get(0));
        events.happened(
                OverlayEvents.Kind.REFUSED,
                failures.size() + " rows",
                String.valueOf(failures.get(0).getMessage()));
        later(retryMillis);
        retryMillis = Math.min(LONGEST_RETRY_MILLIS, retryMillis * 2);
    }

    /** Looks at rows that somebody changed. */
    private void look() {
        Map<Row.Key, Optional<Row>> changed;
        synchronized (seenLock) {
            changed = seen;
            seen = new HashMap<>();
        }
        if (!inSync) {
            return; // everything will be compared
        }
        Delta repair = deviations.of(changed, sweeps());
        if (changed.keySet().stream().anyMatch(deviations::isOfUnderlay)) {
            later(0);
        }
        if (!repair.isEmpty()) {
            pending = repair.add(pending);
            planFlush();
        }
    }

    /** Compares everything, and makes it right. */
    private void all() {
        Observation repairing = events.begins(Phase.OVERLAY_REPAIR, "");
        try {
            allRight();
            if (inSync) {
                repairing.succeeded();
            } else {
                repairing.failed(trouble.map(Throwable::toString).orElse(""));
            }
        } catch (RuntimeException e) {
            repairing.failed(e);
            throw e;
        }
    }

    private void allRight() {
        allPlanned = false;
        try {
            lookAtUnderlay();
            List<String> done = kernel.ensure(model.tunnels());
            if (everInSync) {
                done.forEach(what -> events.happened(OverlayEvents.Kind.REPAIRED, what, "found so"));
            }
            Delta delta = differing();
            if (everInSync) {
                // What waits to be done is no repair.
                deviations.tell(delta, pending);
            }
            pending = new Delta();
            List<PodnetException> failures = kernel.apply(delta);
            if (!failures.isEmpty()) {
                refused(failures);
                return;
            }
            inSync = true;
            everInSync = true;
            succeeded();
        } catch (PodnetException e) {
            refused(List.of(e));
            if (!everInSync) {
                throw e;
            }
        }
    }

    private Delta differing() {
        return deviations.all(kernel.read(), sweeps());
    }

    private boolean sweeps() {
        return snapshotsMissing <= 0;
    }

    private void lookAtUnderlay() {
        List<Underlay> now;
        try {
            now = kernel.underlays();
        } catch (PodnetException.NotFound none) {
            if (!everInSync) {
                throw none;
            }
            // The node is cut off. What there is stays, for when the address comes back.
            LOG.atWarn().addKeyValue("node", model.own().name()).log("{}", none.getMessage());
            return;
        }
        OwnNode was = model.own();
        if (!now.equals(was.underlays())) {
            OwnNode changed = new OwnNode(was.name(), was.network(), now, was.podCidrs(), was.tunnelIps());
            model.own(changed);
            events.happened(OverlayEvents.Kind.UNDERLAY_CHANGED, was.underlays().toString(), now.toString());
            ownChanged.accept(changed);
        }
    }

    /** Ends the worker; the kernel stays as it is. */
    @Override
    public void close() {
        worker.close();
    }
}
