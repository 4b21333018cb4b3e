package io.podnet.examples.state;

import io.podnet.api.EndpointSlice;
import io.podnet.api.Service;
import io.podnet.api.ServiceId;
import java.util.List;
import java.util.Optional;

/**
 * What became of a service.
 *
 * @param id the service
 * @param service the service with the addresses and ports that it got; empty where it got none
 * @param endpointSlices its endpoints
 * @param programmed whether the kernel had all of that
 * @param message why not, or why a newer version does not count; empty where all is well
 */
public record ServiceRecord(
        ServiceId id,
        Optional<Service> service,
        List<EndpointSlice> endpointSlices,
        boolean programmed,
        String message) {
    public ServiceRecord {
        endpointSlices = List.copyOf(endpointSlices);
    }
}
