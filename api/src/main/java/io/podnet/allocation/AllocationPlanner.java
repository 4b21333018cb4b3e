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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Decides what a service gets, from what it asks for, what it had, and who holds what. Keeps nothing. */
public final class AllocationPlanner {
    private final List<ServiceRange> ranges;
    private final List<IpFamily> families;
    private final RandomGenerator random;

    /** Who holds what. */
    public interface Holders {
        /**
         * Finds the service of a cluster IP.
         *
         * @param ip the address
         * @return the service; null where nobody is known to hold it
         */
        @Nullable
        ServiceId of(IpAddress ip);

        /**
         * Finds the service of a number on the nodes.
         *
         * @param number a node port or health check node port
         * @return the service; null where nobody is known to hold it
         */
        @Nullable
        ServiceId of(int number);
    }

    /**
     * Makes a planner.
     *
     * @param serviceCidrs networks of cluster IPs, at most one of a family, the cluster's first family first
     * @param families the cluster's families, for services without cluster IP; those of the CIDRs where there are any
     * @param random chooses
     */
    public AllocationPlanner(List<Cidr> serviceCidrs, List<IpFamily> families, RandomGenerator random) {
        this.ranges = serviceCidrs.stream().map(ServiceRange::new).toList();
        this.families = serviceCidrs.isEmpty()
                ? List.copyOf(families)
                : serviceCidrs.stream().map(Cidr::family).toList();
        this.random = random;
    }

    /**
     * Decides a service's families.
     *
     * @param spec the service
     * @return in order; none for an ExternalName
     * @throws PodnetException.Invalid where it asks for what the cluster does not have
     */
    public List<IpFamily> families(ServiceSpec spec) {
        if (spec.service().type() == Service.Type.EXTERNAL_NAME) {
            return List.of();
        }
        if (ranges.isEmpty() && !spec.headless()) {
            throw new PodnetException.Invalid("service " + spec.id()
                    + " needs a cluster IP, and this node has no service CIDRs; set them, for example 10.96.0.0/16");
        }
        return Families.of(spec, families);
    }

    /**
     * Decides what a service gets.
     *
     * @param spec the service
     * @param chosen its families
     * @param before what it had
     * @param holders who holds what; the service itself may be among them
     * @return what it shall have
     * @throws PodnetException.Invalid where it asks for what no service can have
     * @throws PodnetException.Conflict where it asks for what another service has
     * @throws PodnetException.LimitReached where nothing is free
     */
    public Allocation plan(ServiceSpec spec, List<IpFamily> chosen, Allocation before, Holders holders) {
        List<IpAddress> clusterIps = new ArrayList<>();
        if (!spec.headless()) {
            for (IpFamily family : chosen) {
                clusterIps.add(clusterIp(spec, family, before, holders));
            }
        }
        NodePorts ports = new NodePorts(spec, before, number -> isForeign(holders.of(number), spec.id()), random);
        Map<PortKey, Integer> nodePorts = ports.nodePorts();
        return new Allocation(spec.id(), clusterIps, nodePorts, ports.healthCheckNodePort());
    }

    private static boolean isForeign(@Nullable ServiceId holder, ServiceId own) {
        return holder != null && !holder.equals(own);
    }

    private IpAddress clusterIp(ServiceSpec spec, IpFamily family, Allocation before, Holders holders) {
        ServiceRange range = ranges.stream()
                .filter(candidate -> candidate.cidr().family() == family)
                .findFirst()
                .orElseThrow();
        Optional<IpAddress> wanted = spec.service().clusterIps().stream()
                .filter(ip -> ip.family() == family)
                .findFirst();
        if (wanted.isPresent()) {
            return requested(spec, wanted.get(), range, holders);
        }
        return before.clusterIp(family)
                .filter(range::offers)
                .or(() -> range.pick(ip -> holders.of(ip) != null, random))
                .orElseThrow(() -> new PodnetException.LimitReached("no cluster IP is free for service " + spec.id()
                        + ": all " + range.usable() + " of service CIDR " + range.cidr()
                        + " are taken; remove a service, or use a larger network"));
    }

    private IpAddress requested(ServiceSpec spec, IpAddress ip, ServiceRange range, Holders holders) {
        if (!range.offers(ip)) {
            throw new PodnetException.Invalid("cluster IP " + ip + " of service " + spec.id()
                    + " is no service's address in service CIDR " + range.cidr()
                    + "; use another one, or leave it out");
        }
        ServiceId holder = holders.of(ip);
        if (isForeign(holder, spec.id())) {
            throw new PodnetException.Conflict("cluster IP " + ip + " of service " + spec.id() + " belongs to service "
                    + holder + "; use another one, or leave it out");
        }
        return ip;
    }

    /**
     * Gives a service what was decided.
     *
     * @param service the service
     * @param allocation what it got
     * @return the service with addresses and ports
     */
    public static Service filled(Service service, Allocation allocation) {
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
