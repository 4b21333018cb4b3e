package io.podnet.spi;

import io.podnet.api.API;
import io.podnet.api.IpFamily;
import io.podnet.api.Service;
import io.podnet.api.ServiceId;
import io.podnet.api.ServiceSpec;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Gives services what they must have for themselves in the cluster: cluster IPs, node ports, health check node ports.
 * What is given stays given, beyond the process, until it is released. Safe for any thread.
 */
@API(status = API.Status.STABLE, since = "0.1")
public interface ServiceAllocator {
    /**
     * Gives a service what it asks for and what it lacks. What it has already and does not ask to be otherwise, it keeps.
     *
     * @param spec the service
     * @return the service with addresses and ports, and its families
     * @throws io.podnet.api.PodnetException.Invalid where it asks for what no service can have; nothing is changed
     * @throws io.podnet.api.PodnetException.Conflict where it asks for what another service has; nothing is changed
     * @throws io.podnet.api.PodnetException.LimitReached where nothing is free; nothing is changed
     * @throws io.podnet.api.PodnetException.StateFailure where it cannot be written down; nothing is changed
     */
    Allocated allocate(ServiceSpec spec);

    /**
     * Tells what {@link #allocate} would give, without giving it. Where something is chosen, the choice may differ.
     *
     * @param spec the service
     * @return the service with addresses and ports
     * @throws io.podnet.api.PodnetException as {@link #allocate} would throw
     */
    Allocated preview(ServiceSpec spec);

    /**
     * Takes back all that a service has. Idempotent.
     *
     * @param service the service
     */
    void release(ServiceId service);

    /**
     * Lists who has something.
     *
     * @return the services, those of an earlier process too
     */
    Set<ServiceId> holders();

    /**
     * A service with everything it needs.
     *
     * @param service the service
     * @param families its families in order; for a headless service these are the families of its endpoints
     */
    record Allocated(Service service, List<IpFamily> families) {
        public Allocated {
            Objects.requireNonNull(service, "service");
            families = List.copyOf(families);
        }
    }
}
