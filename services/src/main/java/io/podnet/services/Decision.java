package io.podnet.services;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.Service.TrafficPolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From what is desired of a service, and the claims that it holds, to what is decided. Pure. */
final class Decision {
    static final Comparator<VirtualPort> ORDER =
            Comparator.comparing(VirtualPort::name).thenComparing(VirtualPort::family);

    private final ModelSettings settings;
    private final Claims claims;

    Decision(ModelSettings settings, Claims claims) {
        this.settings = settings;
        this.claims = claims;
    }

    ServiceState decide(ServiceInputs inputs) {
        Service service = inputs.service();
        if (service == null) {
            return new ServiceState(inputs, List.of(), null, List.of(), List.of());
        }
        List<Frontend> frontends = inputs.frontends(settings);
        List<VirtualPort> ports = new ArrayList<>(frontends.size());
        List<LostClaim> lost = List.of();
        for (Frontend frontend : frontends) {
            if (claims.holds(frontend.claim(frontend.clusterIp()), frontend.claimant(Claimant.Kind.CLUSTER_IP))) {
                ports.add(port(frontend, inputs.slices()));
            }
            if (claims.areContested()) {
                lost = withLost(lost, frontend);
            }
        }
        ports.sort(ORDER);
        return new ServiceState(
                inputs,
                List.copyOf(ports),
                health(frontends, inputs.slices()),
                ExternalAddresses.refused(service, settings),
                List.copyOf(lost));
    }

    private VirtualPort port(Frontend frontend, List<SliceRows> slices) {
        Service service = frontend.service();
        OptionalInt nodePort = frontend.nodePort().isPresent()
                        && claims.holds(
                                Claim.nodePort(
                                        frontend.family(),
                                        frontend.nodePort().getAsInt(),
                                        frontend.port().protocol()),
                                frontend.claimant(Claimant.Kind.NODE_PORT))
                ? frontend.nodePort()
                : OptionalInt.empty();
        List<IpAddress> externalIps = held(frontend, frontend.externalIps(), Claimant.Kind.EXTERNAL_IP);
        List<IpAddress> balancers = held(frontend, frontend.loadBalancerIps(), Claimant.Kind.LOAD_BALANCER_IP);
        boolean external = nodePort.isPresent() || !externalIps.isEmpty() || !balancers.isEmpty();
        TrafficPolicy externalPolicy = external ? service.externalTrafficPolicy() : TrafficPolicy.CLUSTER;
        TrafficPolicy internalPolicy = service.internalTrafficPolicy();
        boolean limited =
                !balancers.isEmpty() && !service.loadBalancer().sourceRanges().isEmpty();
        EndpointSets endpoints = EndpointSets.of(
                frontend.port(),
                frontend.family(),
                slices,
                // Short-circuited traffic needs the Cluster set under a Local policy too.
                internalPolicy == TrafficPolicy.CLUSTER || external,
                internalPolicy == TrafficPolicy.LOCAL || externalPolicy == TrafficPolicy.LOCAL,
                frontend.port().protocol() == Protocol.UDP);
        return new VirtualPort(
                frontend.name(),
                frontend.clusterIp(),
                frontend.port().port(),
                nodePort,
                externalIps,
                balancers,
                limited
                        ? service.loadBalancer().sourceRanges().stream()
                                .filter(range -> range.family() == frontend.family())
                                .distinct()
                                .toList()
                        : List.of(),
                limited,
                service.sessionAffinityTimeoutSeconds(),
                internalPolicy,
                externalPolicy,
                endpoints.anyUsable(),
                endpoints.cluster(),
                endpoints.local(),
                endpoints.serving(),
                heldHealthCheck(frontend));
    }

    private List<IpAddress> held(Frontend frontend, List<IpAddress> addresses, Claimant.Kind kind) {
        if (addresses.isEmpty()) {
            return addresses;
        }
        Claimant claimant = frontend.claimant(kind);
        return addresses.stream()
                .filter(ip -> claims.holds(frontend.claim(ip), claimant))
                .toList();
    }

    private OptionalInt heldHealthCheck(Frontend frontend) {
        OptionalInt port = frontend.healthCheckNodePort();
        return port.isPresent()
                        && claims.holds(
                                Claim.nodePort(frontend.family(), port.getAsInt(), Protocol.TCP),
                                frontend.claimant(Claimant.Kind.HEALTH_CHECK))
                ? port
                : OptionalInt.empty();
    }

    private List<LostClaim> withLost(List<LostClaim> lost, Frontend frontend) {
        List<LostClaim> result = lost;
        for (Map.Entry<Claim, Claimant> asked : frontend.claims().entrySet()) {
            Claimant holder = claims.holder(asked.getKey());
            if (holder != null && !holder.equals(asked.getValue())) {
                LostClaim claim = new LostClaim(asked.getKey(), asked.getValue().name(), holder.name());
                if (!result.contains(claim)) {
                    result = new ArrayList<>(result);
                    result.add(claim);
                }
            }
        }
        return result;
    }

    private @Nullable ServiceHealth health(List<Frontend> frontends, List<SliceRows> slices) {
        ServiceHealth health = null;
        for (Frontend frontend : frontends) {
            OptionalInt port = heldHealthCheck(frontend);
            if (port.isPresent()) {
                int ready = localReady(frontend.family(), slices);
                if (health == null || ready > health.localEndpoints()) {
                    health = new ServiceHealth(frontend.name().service(), port.getAsInt(), ready);
                }
            }
        }
        return health;
    }

    private static int localReady(IpFamily family, List<SliceRows> slices) {
        Set<IpAddress> ready = new HashSet<>();
        for (SliceRows slice : slices) {
            boolean reachable = slice.family == family
                    && slice.ports.stream().anyMatch(port -> port.port().orElse(0) != 0);
            for (int i = 0; reachable && i < slice.size(); i++) {
                if ((slice.flags(i) & (SliceRows.READY | SliceRows.LOCAL)) == (SliceRows.READY | SliceRows.LOCAL)) {
                    ready.add(slice.address(i));
                }
            }
        }
        return ready.size();
    }
}
