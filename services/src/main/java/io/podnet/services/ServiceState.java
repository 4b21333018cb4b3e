package io.podnet.services;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is desired of one service, and what was decided from it.
 *
 * @param inputs what is desired
 * @param ports the decisions, in order of name and family
 * @param health what its health check answers from; null where it has none
 * @param refused addresses that it does not get
 * @param lost destinations that others have
 */
record ServiceState(
        ServiceInputs inputs,
        List<VirtualPort> ports,
        @Nullable ServiceHealth health,
        List<RefusedAddress> refused,
        List<LostClaim> lost) {
    static final ServiceState NONE = new ServiceState(ServiceInputs.NONE, List.of(), null, List.of(), List.of());
}
