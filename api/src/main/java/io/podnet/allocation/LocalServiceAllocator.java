package io.podnet.allocation;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.ServiceId;
import io.podnet.api.ServiceSpec;
import io.podnet.spi.ServiceAllocator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Allocates for a cluster of one node: decisions in memory, each on disk before it is told. */
public final class LocalServiceAllocator implements ServiceAllocator {
    private final AllocationPlanner planner;
    private final AllocationStore store;
    private final Map<ServiceId, Allocation> allocations = new TreeMap<>();
    private final Map<IpAddress, ServiceId> ips = new HashMap<>();
    private final Map<Integer, ServiceId> numbers = new HashMap<>();
    private final AllocationPlanner.Holders holders = new AllocationPlanner.Holders() {
        @Override
        public @Nullable ServiceId of(IpAddress ip) {
            return ips.get(ip);
        }

        @Override
        public @Nullable ServiceId of(int number) {
            return numbers.get(number);
        }
    };

    /**
     * Reads what was allocated before.
     *
     * @param serviceCidrs networks of cluster IPs, at most one of a family, the cluster's first family first
     * @param families the cluster's families, for services without cluster IP; those of the CIDRs where there are any
     * @param store where allocations are written down
     * @param random chooses
     */
    public LocalServiceAllocator(
            List<Cidr> serviceCidrs, List<IpFamily> families, AllocationStore store, RandomGenerator random) {
        this.planner = new AllocationPlanner(serviceCidrs, families, random);
        this.store = store;
        store.list().forEach(this::remember);
    }

    @Override
    public synchronized Allocated allocate(ServiceSpec spec) {
        Allocation before = allocations.getOrDefault(spec.id(), Allocation.none(spec.id()));
        List<IpFamily> chosen = planner.families(spec);
        Allocation after = planner.plan(spec, chosen, before, holders);
        if (!after.equals(before)) {
            if (after.isEmpty()) {
                store.remove(spec.id());
            } else {
                store.write(after);
            }
            forget(before);
            remember(after);
        }
        return new Allocated(AllocationPlanner.filled(spec.service(), after), chosen);
    }

    @Override
    public synchronized Allocated preview(ServiceSpec spec) {
        Allocation before = allocations.getOrDefault(spec.id(), Allocation.none(spec.id()));
        List<IpFamily> chosen = planner.families(spec);
        return new Allocated(
                AllocationPlanner.filled(spec.service(), planner.plan(spec, chosen, before, holders)), chosen);
    }

    @Override
    public synchronized void release(ServiceId service) {
        Allocation gone = allocations.get(service);
        if (gone != null) {
            store.remove(service);
            forget(gone);
        }
    }

    @Override
    public synchronized Set<ServiceId> holders() {
        return new TreeSet<>(allocations.keySet());
    }

    private void remember(Allocation allocation) {
        if (!allocation.isEmpty()) {
            allocations.put(allocation.service(), allocation);
        }
        allocation.clusterIps().forEach(ip -> ips.put(ip, allocation.service()));
        allocation.numbers().forEach(number -> numbers.put(number, allocation.service()));
    }

    private void forget(Allocation allocation) {
        allocations.remove(allocation.service());
        ips.values().removeIf(allocation.service()::equals);
        numbers.values().removeIf(allocation.service()::equals);
    }
}
