package io.podnet.api;

import io.podnet.spi.NameChanges;
import io.podnet.spi.NameResolver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A resolver that writes down what it is told, or refuses it. */
final class RecordingResolver implements NameResolver {
    final List<NameChanges> steps = new ArrayList<>();
    boolean refuses;

    NameChanges last() {
        return steps.get(steps.size() - 1);
    }

    @Override
    public long apply(NameChanges changes) {
        if (refuses) {
            throw new PodnetException.Invalid("no name");
        }
        steps.add(changes);
        return steps.size();
    }

    @Override
    public void putRecords(List<StaticRecord> records) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean awaitVisible(String name, Duration timeout) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Answer lookup(String name, String type) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ResolvConf attachPod(PodSpec pod, NamespaceRef namespace) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void detachPod(PodId pod) {}

    @Override
    public void addListener(QueryListener listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Condition status() {
        return Condition.READY;
    }

    @Override
    public void drain(Duration time) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
