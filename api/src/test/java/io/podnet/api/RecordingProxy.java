package io.podnet.api;

import io.podnet.spi.ServiceChanges;
import io.podnet.spi.ServiceProxy;
import io.podnet.spi.ServiceProxyProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A proxy that writes down what it is told; the kernel has a generation when the test says so. */
final class RecordingProxy implements ServiceProxy {
    final ServiceProxyProvider.Context context;
    final List<ServiceChanges> steps = new ArrayList<>();
    final List<ServiceProxyListener> listeners = new ArrayList<>();
    boolean refuses;
    boolean cleaned;
    boolean closed;

    RecordingProxy(ServiceProxyProvider.Context context) {
        this.context = context;
    }

    ServiceChanges last() {
        return steps.get(steps.size() - 1);
    }

    void programmed() {
        listeners.forEach(listener -> listener.onProgrammed(steps.size()));
    }

    @Override
    public long apply(ServiceChanges changes) {
        if (refuses) {
            throw new PodnetException.Invalid("refused by policy");
        }
        requireCompleteAtFirst(changes);
        steps.add(changes);
        return steps.size();
    }

    @Override
    public boolean awaitProgrammed(long generation, Duration timeout) {
        return generation > 0 && generation <= steps.size();
    }

    @Override
    public boolean awaitProgrammed(ServiceId service, Duration timeout) {
        return true;
    }

    private void requireCompleteAtFirst(ServiceChanges changes) {
        if (steps.isEmpty() && !changes.complete()) {
            throw new PodnetException.Invalid("the first step must be complete");
        }
    }

    @Override
    public Plan plan(ServiceChanges changes) {
        requireCompleteAtFirst(changes);
        return new Plan(changes.services().stream()
                .map(service -> new Plan.Step(
                        Plan.Action.CREATE, "service", service.id().toString(), ""))
                .toList());
    }

    @Override
    public Explanation explain(Packet packet) {
        return new Explanation(List.of(), Verdict.PASS, List.of());
    }

    @Override
    public List<Drift> check() {
        return List.of();
    }

    @Override
    public List<EndpointCount> counters(ServiceId service) {
        return List.of();
    }

    @Override
    public void addListener(ServiceProxyListener listener) {
        listeners.add(listener);
    }

    @Override
    public Condition status() {
        return Condition.READY;
    }

    @Override
    public void cleanUp() {
        cleaned = true;
    }

    @Override
    public void close() {
        closed = true;
    }
}
