package io.podnet.services;

import io.podnet.api.EndpointSlice;
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
            for (SliceRows rows : inputs.slices) {
                slices.put(rows.name, rows);
            }
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
        Builders builders = new Builders(changes.complete() ? Map.of() : states, new TreeMap<>());
        if (changes.complete()) {
            states.keySet().forEach(builders::of);
        }
        for (ServiceId id : changes.removedServices()) {
            builders.of(id).service = null;
        }
        for (ServiceChanges.SliceId id : changes.removedEndpointSlices()) {
            builders.of(id.service()).slices.remove(id.name());
        }
        for (Service service : changes.services()) {
            builders.of(service.id()).service = Served.isServed(service) ? Served.essence(service) : null;
        }
        for (EndpointSlice slice : changes.endpointSlices()) {
            builders.of(slice.service()).slices.put(slice.name(), SliceRows.of(slice, settings));
        }
        Map<ServiceId, ServiceInputs> inputs = new TreeMap<>();
        for (Map.Entry<ServiceId, Builder> entry : builders.all.entrySet()) {
            inputs.put(entry.getKey(), entry.getValue().build());
        }
        return inputs;
    }

    /** One builder for each service that the step touches, beginning with what was there. */
    private record Builders(Map<ServiceId, ServiceState> states, TreeMap<ServiceId, Builder> all) {
        Builder of(ServiceId id) {
            Builder builder = all.get(id);
            if (builder == null) {
                ServiceState state = states.get(id);
                builder = new Builder(state == null ? NONE : state.inputs());
                all.put(id, builder);
            }
            return builder;
        }
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
            for (Map.Entry<Claim, Claimant> asked : frontend.claims().entrySet()) {
                // One health check serves all ports.
                if (asked.getValue().kind() != Claimant.Kind.HEALTH_CHECK || !claims.contains(asked)) {
                    claims.add(asked);
                }
            }
        }
        return claims;
    }
}
