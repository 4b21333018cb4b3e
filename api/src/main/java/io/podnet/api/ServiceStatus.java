package io.podnet.api;

import java.util.List;
import java.util.Objects;

/**
 * A service as it stands.
 *
 * @param service the service, with the addresses and ports that it got
 * @param endpointSlices its endpoints
 * @param generation the proxy's generation of its newest state; 0 where no proxy was told of it
 * @param programmed whether the kernel has that state
 * @param message why not, for people; empty where all is well
 */
@API(status = API.Status.STABLE, since = "0.1")
public record ServiceStatus(
        Service service, List<EndpointSlice> endpointSlices, long generation, boolean programmed, String message) {
    public ServiceStatus {
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(message, "message");
        endpointSlices = List.copyOf(endpointSlices);
    }
}
