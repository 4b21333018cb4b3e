package io.podnet.services;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.ServicePort;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What a service asks for in front, for one port and family, before anybody else's claims are looked at.
 *
 * @param service the service
 * @param port its port
 * @param name the port's name
 * @param clusterIp the virtual address
 * @param nodePort the port on the nodes; empty too for a type that has none
 * @param externalIps admitted external addresses of the family
 * @param loadBalancerIps admitted load balancer addresses of the family that are not the balancer's own business
 * @param healthCheckNodePort the health check's port; empty where the service needs none
 */
record Frontend(
        Service service,
        ServicePort port,
        ServicePortName name,
        IpAddress clusterIp,
        OptionalInt nodePort,
        List<IpAddress> externalIps,
        List<IpAddress> loadBalancerIps,
        OptionalInt healthCheckNodePort) {

    /** Gives all frontends of a service that a proxy serves, port by port. */
    static List<Frontend> of(Service service, ModelSettings settings) {
        List<Frontend> frontends =
                new ArrayList<>(service.ports().size() * service.clusterIps().size());
        boolean balanced = service.type() == Service.Type.LOAD_BALANCER;
        for (ServicePort port : service.ports()) {
            ServicePortName name = new ServicePortName(service.id(), port.name(), port.protocol());
            for (IpAddress clusterIp : service.clusterIps()) {
                List<IpAddress> balancers = balanced
                        ? ExternalAddresses.admitted(
                                ExternalAddresses.balancers(service), clusterIp.family(), List.of(), settings)
                        : List.of();
                frontends.add(new Frontend(
                        service,
                        port,
                        name,
                        clusterIp,
                        service.type() == Service.Type.CLUSTER_IP ? OptionalInt.empty() : port.nodePort(),
                        ExternalAddresses.admitted(service.externalIps(), clusterIp.family(), balancers, settings),
                        balancers,
                        needsHealthCheck(service)
                                ? service.loadBalancer().healthCheckNodePort()
                                : OptionalInt.empty()));
            }
        }
        return frontends;
    }

    private static boolean needsHealthCheck(Service service) {
        return service.type() == Service.Type.LOAD_BALANCER
                && service.externalTrafficPolicy() == Service.TrafficPolicy.LOCAL;
    }

    IpFamily family() {
        return clusterIp.family();
    }

    Claim claim(IpAddress address) {
        return Claim.address(address, port.port(), port.protocol());
    }

    Claimant claimant(Claimant.Kind kind) {
        // One health check serves all ports of a service.
        return new Claimant(
                kind,
                kind == Claimant.Kind.HEALTH_CHECK ? new ServicePortName(name.service(), "", Protocol.TCP) : name);
    }

    /** Gives all destinations; an address that is several things to the service is the first of them. */
    Map<Claim, Claimant> claims() {
        Map<Claim, Claimant> claims = new LinkedHashMap<>();
        claims.put(claim(clusterIp), claimant(Claimant.Kind.CLUSTER_IP));
        for (IpAddress ip : loadBalancerIps) {
            claims.putIfAbsent(claim(ip), claimant(Claimant.Kind.LOAD_BALANCER_IP));
        }
        for (IpAddress ip : externalIps) {
            claims.putIfAbsent(claim(ip), claimant(Claimant.Kind.EXTERNAL_IP));
        }
        if (nodePort.isPresent()) {
            claims.put(
                    Claim.nodePort(family(), nodePort.getAsInt(), port.protocol()), claimant(Claimant.Kind.NODE_PORT));
        }
        if (healthCheckNodePort.isPresent()) {
            claims.putIfAbsent(
                    Claim.nodePort(family(), healthCheckNodePort.getAsInt(), Protocol.TCP),
                    claimant(Claimant.Kind.HEALTH_CHECK));
        }
        return claims;
    }
}
