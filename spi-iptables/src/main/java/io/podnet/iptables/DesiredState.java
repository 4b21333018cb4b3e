package io.podnet.iptables;

import io.podnet.api.IpFamily;
import io.podnet.api.ServiceId;
import io.podnet.services.ModelChange;
import io.podnet.services.PortChange;
import io.podnet.services.ServiceHealth;
import io.podnet.services.ServiceModel;
import io.podnet.services.ServicePortName;
import io.podnet.services.VirtualPort;
import io.podnet.spi.ServiceChanges;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The model, and which of its service ports the kernel does not have yet. What is pending stays pending until it is
 * acknowledged, however often a write fails. Safe for any thread.
 */
final class DesiredState {
    private final ServiceModel model;
    private final LongSupplier nanoTime;
    private final Map<IpFamily, Map<ServicePortName, Long>> pending = new EnumMap<>(IpFamily.class);
    private long generation;
    private long programmed;
    private long pendingSince;
    private boolean ended;

    DesiredState(ServiceModel model, Collection<IpFamily> families, LongSupplier nanoTime) {
        this.model = model;
        this.nanoTime = nanoTime;
        families.forEach(family -> pending.put(family, new HashMap<>()));
    }

    /**
     * A step that was taken.
     *
     * @param generation its generation
     * @param change what it changed
     */
    record Taken(long generation, ModelChange change) {}

    /**
     * What a write has to bring about.
     *
     * @param generation the newest generation
     * @param updates by family, the service ports that changed
     * @param health what health check node ports answer
     */
    record Work(
            long generation,
            Map<IpFamily, Map<ServicePortName, Optional<VirtualPort>>> updates,
            List<ServiceHealth> health) {}

    synchronized Taken apply(ServiceChanges changes) {
        ModelChange change = model.update(changes);
        generation++;
        if (programmed == generation - 1) {
            pendingSince = nanoTime.getAsLong();
        }
        for (PortChange port : change.ports()) {
            Map<ServicePortName, Long> names = pending.get(port.family());
            if (names != null) {
                names.put(port.name(), generation);
            }
        }
        notifyAll();
        return new Taken(generation, change);
    }

    synchronized boolean isPending() {
        return programmed < generation;
    }

    synchronized Work take() {
        Map<IpFamily, Map<ServicePortName, Optional<VirtualPort>>> updates = new EnumMap<>(IpFamily.class);
        pending.forEach((family, names) -> {
            Map<ServicePortName, Optional<VirtualPort>> ports = new HashMap<>();
            names.keySet().forEach(name -> ports.put(name, model.port(name, family)));
            updates.put(family, ports);
        });
        return new Work(generation, updates, model.health());
    }

    /** The kernel has a family's part of some work. */
    synchronized void acknowledge(Work work, IpFamily family) {
        Map<ServicePortName, Long> names = pending.get(family);
        if (names != null) {
            names.values().removeIf(changed -> changed <= work.generation());
        }
        notifyAll();
    }

    /** The kernel has all of it. */
    synchronized void programmed(Work work) {
        programmed = Math.max(programmed, work.generation());
        pendingSince = nanoTime.getAsLong();
        notifyAll();
    }

    /** How long the kernel has been behind, in nanoseconds; empty where it is not. */
    synchronized OptionalLong pendingNanos() {
        return isPending() ? OptionalLong.of(nanoTime.getAsLong() - pendingSince) : OptionalLong.empty();
    }

    synchronized long generation() {
        return generation;
    }

    /** Asks the model. */
    synchronized <T> T ask(Function<ServiceModel, T> question) {
        return question.apply(model);
    }

    synchronized void end() {
        ended = true;
        notifyAll();
    }

    boolean awaitProgrammed(long wanted, Duration timeout) {
        return await(() -> programmed >= wanted, timeout);
    }

    boolean awaitProgrammed(ServiceId service, Duration timeout) {
        return await(
                () -> programmed > 0
                        && pending.values().stream()
                                .noneMatch(names -> names.keySet().stream()
                                        .anyMatch(name -> name.service().equals(service))),
                timeout);
    }

    private synchronized boolean await(BooleanSupplier condition, Duration timeout) {
        // Real time, whatever clock paces the writes: somebody stands and waits.
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            while (!condition.getAsBoolean()) {
                long left = deadline - System.nanoTime();
                if (left <= 0 || ended) {
                    return false;
                }
                wait(left / 1_000_000 + 1);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
