package io.podnet.allocation;

import io.podnet.api.ServiceId;
import java.util.List;

/** Where allocations outlive the process. Each call is durable when it returns. For one thread at a time. */
public interface AllocationStore {
    /**
     * Reads all.
     *
     * @return the allocations
     */
    List<Allocation> list();

    /**
     * Writes one, replacing an earlier one of the same service.
     *
     * @param allocation the allocation
     */
    void write(Allocation allocation);

    /**
     * Forgets one. Idempotent.
     *
     * @param service the service
     */
    void remove(ServiceId service);
}
