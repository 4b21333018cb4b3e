package io.podnet.api;

import io.podnet.spi.NameChanges;
import io.podnet.spi.NameResolver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

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
    public void replaceRecords(Collection<StaticRecord> records) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Explanation explain(PodId pod, String name, String type) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void forwarding(PodId pod, Optional<DnsForwarding> forwarding) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void forwardPolicy(ForwardPolicy policy) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void removeListener(QueryListener listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Duration ttl() {
        return Duration.ZERO;
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
