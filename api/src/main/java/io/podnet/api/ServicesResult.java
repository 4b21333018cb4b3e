package io.podnet.api;

import io.podnet.spi.ServiceChanges.SliceId;
import java.util.Map;

/**
 * What became of many services at once.
 *
 * @param services those that were taken, with the cluster IPs and node ports that they got
 * @param refused those that were refused, and why; where they were there before, they are as they were
 * @param refusedSlices slices that were refused, and why
 */
@API(status = API.Status.STABLE, since = "0.1")
public record ServicesResult(
        Map<ServiceId, Service> services,
        Map<ServiceId, PodnetException> refused,
        Map<SliceId, PodnetException> refusedSlices) {
    public ServicesResult {
        services = Map.copyOf(services);
        refused = Map.copyOf(refused);
        refusedSlices = Map.copyOf(refusedSlices);
    }
}
