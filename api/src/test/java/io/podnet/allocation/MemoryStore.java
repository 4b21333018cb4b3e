package io.podnet.allocation;

import io.podnet.api.PodnetException;
import io.podnet.api.ServiceId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Allocations in memory, with a disk that can be full. */
final class MemoryStore implements AllocationStore {
    final Map<ServiceId, Allocation> written = new TreeMap<>();
    boolean full;

    @Override
    public List<Allocation> list() {
        return List.copyOf(written.values());
    }

    @Override
    public void write(Allocation allocation) {
        if (full) {
            throw new PodnetException.StateFailure("disk full", null);
        }
        written.put(allocation.service(), allocation);
    }

    @Override
    public void remove(ServiceId service) {
        written.remove(service);
    }
}
