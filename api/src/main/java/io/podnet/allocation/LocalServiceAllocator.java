package io.podnet.allocation;

import io.podnet.allocation.Allocation.PortKey;
import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import io.podnet.api.Service;
import io.podnet.api.ServiceId;
import io.podnet.api.ServicePort;
import io.podnet.api.ServiceSpec;
import io.podnet.spi.ServiceAllocator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Allocates for a cluster of one node: decisions in memory, each on disk before it is told. */
public final class LocalServiceAllocator implements ServiceAllocator {
    private final List<ServiceRange> ranges;
    private final List<IpFamily> families;
    private final AllocationStore store;
    private final RandomGenerator random;
    private final Map<ServiceId, Allocation> allocations = new TreeMap<>();
    private final Map<IpAddress, ServiceId> ips = new HashMap<>();
    private final Map<Integer, ServiceId> numbers = new HashMap<>();

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
        this.ranges = serviceCidrs.stream().map(ServiceRange::new).toList();
        this.families = serviceCidrs.isEmpty()
                ? List.copyOf(families)
                : serviceCidrs.stream().map(Cidr::family).toList();
        this.store = store;
        this.random = random;
        store.list().forEach(this::remember);
    }

    @Override
    public synchronized Allocated allocate(ServiceSpec spec) {
        Allocation before = allocations.getOrDefault(spec.id(), Allocation.none(spec.id()));
        List<IpFamily> chosen = familiesOf(spec);
        Allocation after = plan(spec, chosen, before);
        if (!after.equals(before)) {
            if (after.isEmpty()) {
                store.remove(spec.id());
            } else {
                store.write(after);
            }
            forget(before);
            remember(after);
        }
        return new Allocated(filled(spec.service(), after), chosen);
    }

    @Override
    public synchronized Allocated preview(ServiceSpec spec) {
        Allocation before = allocations.getOrDefault(spec.id(), Allocation.none(spec.id()));
        List<IpFamily> chosen = familiesOf(spec);
        return new Allocated(filled(spec.service(), plan(spec, chosen, before)), chosen);
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

    private List<IpFamily> familiesOf(ServiceSpec spec) {
        if (spec.service().type() == Service.Type.EXTERNAL_NAME) {
            return List.of();
        }
        if (ranges.isEmpty() && !spec.headless()) {
            throw new PodnetException.Invalid("service " + spec.id()
                    + " needs a cluster IP, and this node has no service CIDRs; set them, for example 10.96.0.0/16");
        }
        return Families.of(spec, families);
    }

    private Allocation plan(ServiceSpec spec, List<IpFamily> chosen, Allocation before) {
        List<IpAddress> clusterIps = new ArrayList<>();
        if (!spec.headless()) {
            for (IpFamily family : chosen) {
                clusterIps.add(clusterIp(spec, family, before));
            }
        }
        NodePorts ports = new NodePorts(spec, before, number -> isForeign(numbers.get(number), spec.id()), random);
        Map<PortKey, Integer> nodePorts = ports.nodePorts();
        return new Allocation(spec.id(), clusterIps, nodePorts, ports.healthCheckNodePort());
    }

    private static boolean isForeign(@Nullable ServiceId holder, ServiceId own) {
        return holder != null && !holder.equals(own);
    }

    private IpAddress clusterIp(ServiceSpec spec, IpFamily family, Allocation before) {
        ServiceRange range = ranges.stream()
                .filter(candidate -> candidate.cidr().family() == family)
                .findFirst()
                .orElseThrow();
        Optional<IpAddress> wanted = spec.service().clusterIps().stream()
                .filter(ip -> ip.family() == family)
                .findFirst();
        if (wanted.isPresent()) {
            return requested(spec, wanted.get(), range);
        }
        return before.clusterIp(family)
                .filter(range::offers)
                .or(() -> range.pick(ips::containsKey, random))
                .orElseThrow(() -> new PodnetException.LimitReached("no cluster IP is free for service " + spec.id()
                        + ": all " + range.usable() + " of service CIDR " + range.cidr()
                        + " are taken; remove a service, or use a larger network"));
    }

    private IpAddress requested(ServiceSpec spec, IpAddress ip, ServiceRange range) {
        if (!range.offers(ip)) {
            throw new PodnetException.Invalid("cluster IP " + ip + " of service " + spec.id()
                    + " is no service's address in service CIDR " + range.cidr()
                    + "; use another one, or leave it out");
        }
        ServiceId holder = ips.get(ip);
        if (isForeign(holder, spec.id())) {
            throw new PodnetException.Conflict("cluster IP " + ip + " of service " + spec.id() + " belongs to service "
                    + holder + "; use another one, or leave it out");
        }
        return ip;
    }

    private static Service filled(Service service, Allocation allocation) {
        List<ServicePort> ports = new ArrayList<>();
        for (ServicePort port : service.ports()) {
            Integer number = allocation.nodePorts().get(new PortKey(port.protocol(), port.port()));
            ports.add(new ServicePort(
                    port.name(),
                    port.protocol(),
                    port.port(),
                    port.targetPort(),
                    number == null ? OptionalInt.empty() : OptionalInt.of(number),
                    port.appProtocol()));
        }
        return new Service(
                service.id(),
                service.labels(),
                service.annotations(),
                service.type(),
                service.selector(),
                allocation.clusterIps(),
                ports,
                service.externalIps(),
                new Service.LoadBalancer(
                        service.loadBalancer().ingress(),
                        service.loadBalancer().sourceRanges(),
                        allocation.healthCheckNodePort()),
                service.externalName(),
                service.sessionAffinityTimeoutSeconds(),
                service.internalTrafficPolicy(),
                service.externalTrafficPolicy(),
                service.trafficDistribution(),
                service.publishNotReadyAddresses());
    }
}
