package io.podnet.services;

import io.podnet.api.Service;
import io.podnet.api.ServiceId;
import io.podnet.spi.ServiceChanges;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is desired of one service.
 *
 * @param service the service; null where there is none that a proxy serves
 * @param slices its endpoint slices, in order of their names
 */
record ServiceInputs(@Nullable Service service, List<SliceRows> slices) {
    static final ServiceInputs NONE = new ServiceInputs(null, List.of());

    private static final class Builder {
        private @Nullable Service service;
        private final TreeMap<String, SliceRows> slices = new TreeMap<>();

        Builder(ServiceInputs inputs) {
            service = inputs.service;
            inputs.slices.forEach(rows -> slices.put(rows.name, rows));
        }

        ServiceInputs build() {
            return service == null && slices.isEmpty()
                    ? NONE
                    : new ServiceInputs(service, List.of(slices.values().toArray(SliceRows[]::new)));
        }
    }

    /** Gives what a checked step leaves of each service that it touches. */
    static Map<ServiceId, ServiceInputs> after(
            ServiceChanges changes, Map<ServiceId, ServiceState> states, ModelSettings settings) {
        Map<ServiceId, Builder> builders = new TreeMap<>();
        if (changes.complete()) {
            states.keySet().forEach(id -> builders.put(id, new Builder(NONE)));
        }
        Touch touch = id -> builders.computeIfAbsent(id, absent -> {
            ServiceState state = changes.complete() ? null : states.get(absent);
            return new Builder(state == null ? NONE : state.inputs());
        });
        changes.removedServices().forEach(id -> touch.builder(id).service = null);
        changes.removedEndpointSlices()
                .forEach(id -> touch.builder(id.service()).slices.remove(id.name()));
        for (Service service : changes.services()) {
            touch.builder(service.id()).service = Served.isServed(service) ? Served.essence(service) : null;
        }
        changes.endpointSlices()
                .forEach(slice ->
                        touch.builder(slice.service()).slices.put(slice.name(), SliceRows.of(slice, settings)));
        Map<ServiceId, ServiceInputs> inputs = new TreeMap<>();
        builders.forEach((id, builder) -> inputs.put(id, builder.build()));
        return inputs;
    }

    private interface Touch {
        Builder builder(ServiceId id);
    }

    boolean isNothing() {
        return service == null && slices.isEmpty();
    }

    /** Gives the frontends that the service asks for. */
    List<Frontend> frontends(ModelSettings settings) {
        return service == null ? List.of() : Frontend.of(service, settings);
    }

    /** Gives everything that the service asks for; an element is a destination with who asks. */
    List<Map.Entry<Claim, Claimant>> claims(ModelSettings settings) {
        List<Map.Entry<Claim, Claimant>> claims = new ArrayList<>();
        for (Frontend frontend : frontends(settings)) {
            frontend.claims().forEach((claim, claimant) -> {
                Map.Entry<Claim, Claimant> entry = Map.entry(claim, claimant);
                if (claimant.kind() != Claimant.Kind.HEALTH_CHECK || !claims.contains(entry)) {
                    claims.add(entry);
                }
            });
        }
        return claims;
    }
}
