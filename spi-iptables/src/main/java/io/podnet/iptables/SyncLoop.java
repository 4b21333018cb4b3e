package io.podnet.iptables;

import io.podnet.api.Drift;
import io.podnet.api.Occurrence;
import io.podnet.api.PodnetException;
import io.podnet.iptables.DesiredState.Work;
import io.podnet.iptables.health.HealthCheckServer;
import io.podnet.iptables.thread.ProxyThread;
import io.podnet.services.ServicePortName;
import io.podnet.services.VirtualPort;
import io.podnet.spi.telemetry.Telemetry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The proxy's own thread: it writes what is pending, at its pace, and looks each second whether somebody else wrote. */
final class SyncLoop implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(SyncLoop.class);
    private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long COMPARE_NANOS = Duration.ofMinutes(5).toNanos();

    private final DesiredState desired;
    private final List<FamilyProgrammer> families;
    private final NodeFacts facts;
    private final UdpAftermath udp;
    private final HealthCheckServer health;
    private final OtherBackend other;
    private final Announcements announcements;
    private final Telemetry telemetry;
    private final LongSupplier nanoTime;
    private final Pacing pacing;
    private final AtomicReference<@Nullable PodnetException> failure = new AtomicReference<>();
    private long nextLook;
    private long nextCompare;
    private volatile boolean ended;

    SyncLoop(
            DesiredState desired,
            List<FamilyProgrammer> families,
            NodeFacts facts,
            UdpAftermath udp,
            HealthCheckServer health,
            OtherBackend other,
            Announcements announcements,
            ProxyOptions options,
            Telemetry telemetry,
            LongSupplier nanoTime) {
        this.desired = desired;
        this.families = families;
        this.facts = facts;
        this.udp = udp;
        this.health = health;
        this.other = other;
        this.announcements = announcements;
        this.telemetry = telemetry;
        this.nanoTime = nanoTime;
        this.pacing = new Pacing(options.minSyncPeriod(), options.syncPeriod(), nanoTime.getAsLong());
        this.nextLook = nanoTime.getAsLong() + LOOK_NANOS;
        this.nextCompare = nanoTime.getAsLong() + COMPARE_NANOS;
    }

    void end() {
        ended = true;
    }

    /** Why the last write failed; empty after a success. */
    Optional<PodnetException> failure() {
        return Optional.ofNullable(failure.get());
    }

    @Override
    public void run() {
        readAhead();
        try {
            while (!ended) {
                step();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void readAhead() {
        for (FamilyProgrammer family : families) {
            try {
                // Beside the first step, not after it: whether one is pending is known only when it has been decided.
                if (!ended) {
                    family.readAhead();
                }
            } catch (RuntimeException e) {
                LOG.atDebug()
                        .addKeyValue("family", family.family())
                        .setCause(e)
                        .log("rules cannot be read ahead; the first write says why");
            }
        }
    }

    private void step() throws InterruptedException {
        long now = nanoTime.getAsLong();
        long until = nextLook - now;
        if (desired.isPending()) {
            long untilWrite = pacing.nanosUntilNext(now);
            if (untilWrite <= 0) {
                write(now);
                return;
            }
            until = Math.min(until, untilWrite);
        }
        if (until > 0) {
            synchronized (desired) {
                // Pending work that came in between is seen at once.
                if (!ended && (!desired.isPending() || pacing.nanosUntilNext(nanoTime.getAsLong()) > 0)) {
                    desired.wait(until / 1_000_000 + 1);
                }
            }
            return;
        }
        nextLook = now + LOOK_NANOS;
        guarded(() -> look(now));
    }

    /** Whatever goes wrong, the thread goes on. */
    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            PodnetException known = e instanceof PodnetException podnet
                    ? podnet
                    : new PodnetException.StateFailure("the service proxy failed: " + e, e);
            failure.set(known);
            pacing.failed(nanoTime.getAsLong());
            if (!ended) {
                LOG.warn("services are not brought into the kernel: {}", known.getMessage());
                LOG.debug("the failure", e);
                long generation = desired.generation();
                announcements.tell(listener -> listener.onFailure(generation, known));
            }
        }
    }

    private void write(long now) {
        pacing.begun(now);
        guarded(() -> {
            Work work = desired.take();
            writeFamilies(work);
            afterwards(work);
            // Whoever waits for the write finds a status without the failure before it.
            failure.set(null);
            desired.programmed(work);
            pacing.succeeded(nanoTime.getAsLong());
            announcements.tell(listener -> listener.onProgrammed(work.generation()));
        });
    }

    private void writeFamilies(Work work) {
        List<PodnetException> failures = new ArrayList<>();
        List<ProxyThread> others = new ArrayList<>();
        for (FamilyProgrammer family : families.subList(1, families.size())) {
            if (!family.isKnown() || !updates(work, family).isEmpty()) {
                others.add(ProxyThread.start("podnet-iptables-write", () -> collect(work, family, failures)));
            }
        }
        collect(work, families.get(0), failures);
        for (ProxyThread thread : others) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            failures.stream().skip(1).forEach(failures.get(0)::addSuppressed);
            throw failures.get(0);
        }
    }

    private static Map<ServicePortName, Optional<VirtualPort>> updates(Work work, FamilyProgrammer family) {
        return work.updates().getOrDefault(family.family(), Map.of());
    }

    private void collect(Work work, FamilyProgrammer family, List<PodnetException> failures) {
        try {
            Map<ServicePortName, Optional<VirtualPort>> updates = updates(work, family);
            List<VirtualPort> before = new ArrayList<>();
            List<VirtualPort> after = new ArrayList<>();
            updates.forEach((name, port) -> {
                family.acknowledged(name).ifPresent(before::add);
                port.ifPresent(after::add);
            });
            program(family, updates);
            desired.acknowledge(work, family.family());
            synchronized (udp) {
                udp.note(before, after);
            }
        } catch (PodnetException e) {
            synchronized (failures) {
                failures.add(e);
            }
        } catch (RuntimeException e) {
            synchronized (failures) {
                failures.add(new PodnetException.StateFailure(
                        "writing the rules of " + family.family() + " failed: " + e, e));
            }
        }
    }

    /** A change builds on what is there: where somebody else took that away, it comes back first. */
    private void program(FamilyProgrammer family, Map<ServicePortName, Optional<VirtualPort>> updates) {
        boolean known = family.isKnown();
        if (family.isSuspect()) {
            repair(family);
        }
        try {
            family.program(updates, () -> all(family));
        } catch (PodnetException.KernelRejected e) {
            if (!known) {
                throw e;
            }
            LOG.atDebug()
                    .addKeyValue("family", family.family())
                    .setCause(e)
                    .log("a change was refused; rules are compared and it is tried again");
            repair(family);
            family.program(updates, () -> all(family));
        }
    }

    private List<VirtualPort> all(FamilyProgrammer family) {
        return desired.ask(model -> model.ports(family.family()));
    }

    private void afterwards(Work work) {
        health.reconcile(work.health())
                .forEach((port, refused) ->
                        LOG.atWarn().addKeyValue("port", port).log(refused.getMessage()));
        if (udp.isDue()) {
            udp.reconcile(ports(), nodePortAddresses());
        }
    }

    List<VirtualPort> ports() {
        List<VirtualPort> all = new ArrayList<>();
        families.forEach(family -> all.addAll(family.acknowledged()));
        return all;
    }

    java.util.Collection<io.podnet.api.IpAddress> nodePortAddresses() {
        return UdpAftermath.nodePortAddresses(
                facts.addresses(), ip -> desired.ask(model -> model.settings().takesNodePorts(ip)));
    }

    private void look(long now) {
        boolean compare = now >= nextCompare;
        for (FamilyProgrammer family : families) {
            if (family.isKnown() && (compare || family.isSuspect())) {
                repair(family);
            }
        }
        if (compare) {
            nextCompare = now + COMPARE_NANOS;
            families.forEach(family -> family.reconfigure(facts.settings(family.family())));
        }
        for (FamilyProgrammer family : families) {
            if (!family.isKnown() && !desired.isPending() && desired.generation() > 0) {
                family.program(Map.of(), () -> all(family));
            }
        }
        if (!other.isGone() && families.stream().allMatch(FamilyProgrammer::isKnown)) {
            other.tryToRemove();
        }
    }

    private void repair(FamilyProgrammer family) {
        List<Drift> drift = family.repair();
        if (!drift.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("family", family.family())
                    .log(
                            "rules were changed by somebody else, and are as they should be again: {} chains, such as {}",
                            drift.size(),
                            drift.get(0));
            telemetry.occurred(Occurrence.SERVICES_REPAIRED, family.family().toString(), drift.size() + " chains");
            announcements.tell(listener -> listener.onDriftRepaired(drift));
        }
    }
}
