package io.podnet.spi;

import io.podnet.api.API;
import io.podnet.api.EndpointSlice;
import io.podnet.api.Service;
import io.podnet.api.ServiceId;
import java.util.List;
import java.util.Objects;

/**
 * A step of the desired services: what is there now, and what went. Applied as a whole.
 *
 * @param complete true where this is everything there is: what it does not name goes; false for a change
 * @param services services that are new or changed
 * @param removedServices services that went
 * @param endpointSlices slices that are new or changed
 * @param removedEndpointSlices slices that went
 */
@API(status = API.Status.STABLE, since = "0.1")
public record ServiceChanges(
        boolean complete,
        List<Service> services,
        List<ServiceId> removedServices,
        List<EndpointSlice> endpointSlices,
        List<SliceId> removedEndpointSlices) {
    public ServiceChanges {
        services = List.copyOf(services);
        removedServices = List.copyOf(removedServices);
        endpointSlices = List.copyOf(endpointSlices);
        removedEndpointSlices = List.copyOf(removedEndpointSlices);
    }

    /**
     * Names a slice.
     *
     * @param service its service
     * @param name its name
     */
    public record SliceId(ServiceId service, String name) {
        public SliceId {
            Objects.requireNonNull(service, "service");
            Objects.requireNonNull(name, "name");
        }
    }

    /**
     * Takes a complete picture, as a watch gives it first and after every gap.
     *
     * @param services all services
     * @param endpointSlices all slices
     * @return the step to exactly these
     */
    public static ServiceChanges complete(List<Service> services, List<EndpointSlice> endpointSlices) {
        return new ServiceChanges(true, services, List.of(), endpointSlices, List.of());
    }
}
