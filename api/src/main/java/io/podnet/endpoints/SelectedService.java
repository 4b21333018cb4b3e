package io.podnet.endpoints;

import io.podnet.api.IpFamily;
import io.podnet.api.Service;
import io.podnet.api.ServiceId;
import java.util.List;
import java.util.Objects;

/**
 * A service with the families it has, which a headless service does not show by its addresses.
 *
 * @param service the service
 * @param families its families, at least one unless it is an ExternalName
 */
public record SelectedService(Service service, List<IpFamily> families) {
    public SelectedService {
        Objects.requireNonNull(service, "service");
        families = List.copyOf(families);
    }

    ServiceId id() {
        return service.id();
    }

    /** An ExternalName has no endpoints, and an empty selector selects nothing: somebody else makes them. */
    boolean selects() {
        return service.type() != Service.Type.EXTERNAL_NAME
                && !service.selector().isEmpty();
    }

    boolean selects(EndpointPod pod) {
        return selects()
                && service.id().namespace().equals(pod.id().namespace())
                && pod.spec().labels().entrySet().containsAll(service.selector().entrySet());
    }
}
