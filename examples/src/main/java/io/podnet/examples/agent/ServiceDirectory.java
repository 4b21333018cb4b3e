package io.podnet.examples.agent;

import io.podnet.api.Condition;
import io.podnet.api.EndpointSlice;
import io.podnet.api.PodnetException;
import io.podnet.api.ServiceId;
import io.podnet.api.ServiceSpec;
import io.podnet.api.ServiceStatus;
import io.podnet.api.ServicesResult;
import io.podnet.examples.desired.DesiredState;
import io.podnet.examples.manifest.ObjectKey;
import io.podnet.examples.reconcile.ServiceNode;
import io.podnet.examples.state.ServiceRecord;
import io.podnet.examples.state.ServiceStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node's services, made what the manifests say, and written down as they stand. For one thread. */
final class ServiceDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    private record Wanted(List<String> namespaces, List<ServiceSpec> services, List<EndpointSlice> slices) {}

    private final ServiceNode node;
    private final ServiceStore store;
    private final Map<ServiceId, String> refused = new HashMap<>();
    private @Nullable Wanted applied;

    ServiceDirectory(ServiceNode node, ServiceStore store) {
        this.node = node;
        this.store = store;
    }

    /** Gives the node the services, where they are others than before or the last time did not work. */
    void apply(DesiredState desired) {
        Wanted wanted = new Wanted(desired.namespaces(), desired.services(), desired.slices());
        boolean failed = !refused.isEmpty() || failsToWork(wanted);
        if (wanted.equals(applied) && !failed) {
            return;
        }
        node.namespaces(wanted.namespaces());
        ServicesResult result = node.replaceServices(wanted.services(), wanted.slices());
        applied = wanted;
        Map<ServiceId, String> now = new HashMap<>();
        result.refused().forEach((id, failure) -> now.put(id, String.valueOf(failure.getMessage())));
        result.refusedSlices()
                .forEach((slice, failure) -> now.merge(
                        slice.service(), String.valueOf(failure.getMessage()), (one, other) -> one + "; " + other));
        now.forEach((id, message) -> {
            if (!message.equals(refused.get(id))) {
                LOG.error("service {}: {}", id, message);
            }
        });
        refused.clear();
        refused.putAll(now);
    }

    private boolean failsToWork(Wanted wanted) {
        return !wanted.services().isEmpty()
                && node.servicesStatus().code() == Condition.Code.NOT_READY
                && node.servicesStatus().reason().equals("ServiceProxyFailed");
    }

    /** Services that are refused or that the kernel does not have. */
    Map<ServiceId, String> failures() {
        Map<ServiceId, String> failures = new HashMap<>(refused);
        node.services().stream()
                .filter(status -> !status.programmed())
                .forEach(status -> failures.putIfAbsent(status.service().id(), status.message()));
        return failures;
    }

    void forgetAll() {
        store.replace(List.of());
    }

    /** Tells whether the kernel has all that can be there. */
    boolean isSettled() {
        return node.services().stream()
                .allMatch(status -> status.programmed() || !status.message().isEmpty());
    }

    /** Writes down how the services stand. */
    void publish(DesiredState desired) {
        NavigableMap<ServiceId, ServiceRecord> records = new TreeMap<>();
        for (ServiceStatus status : node.services()) {
            ServiceId id = status.service().id();
            records.put(
                    id,
                    new ServiceRecord(
                            id,
                            Optional.of(status.service()),
                            status.endpointSlices(),
                            status.programmed() && !refused.containsKey(id),
                            message(desired, id, status.message())));
        }
        for (ServiceId id : namesOf(desired)) {
            records.computeIfAbsent(
                    id,
                    absent -> new ServiceRecord(
                            absent, Optional.empty(), List.of(), false, message(desired, absent, "")));
        }
        store.replace(new ArrayList<>(records.values()));
    }

    private List<ServiceId> namesOf(DesiredState desired) {
        List<ServiceId> ids = new ArrayList<>(refused.keySet());
        desired.refused().keySet().stream()
                .filter(key -> key.kind() == ObjectKey.Kind.SERVICE)
                .flatMap(key -> serviceId(key).stream())
                .forEach(ids::add);
        return ids;
    }

    /** A malformed manifest's name need not be a service's. */
    private static Optional<ServiceId> serviceId(ObjectKey key) {
        try {
            return Optional.of(new ServiceId(key.namespace(), key.name()));
        } catch (PodnetException.Invalid e) {
            return Optional.empty();
        }
    }

    private String message(DesiredState desired, ServiceId id, String programmed) {
        String malformed = desired.refused().getOrDefault(ObjectKey.of(id), "");
        return List.of(malformed, refused.getOrDefault(id, ""), programmed).stream()
                .filter(message -> !message.isEmpty())
                .distinct()
                .reduce((one, other) -> one + "; " + other)
                .orElse("");
    }
}
