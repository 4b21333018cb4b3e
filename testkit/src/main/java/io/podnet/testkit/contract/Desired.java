package io.podnet.testkit.contract;

import io.podnet.api.EndpointSlice;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.ServiceId;
import io.podnet.api.ServicePort;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Makers of services and slices. A service has one port, 80, over TCP and over UDP. */
final class Desired {
    static final int PORT = 80;

    private static final List<ServicePort> PORTS =
            List.of(port("tcp", Protocol.TCP, OptionalInt.empty()), port("udp", Protocol.UDP, OptionalInt.empty()));

    private Desired() {}

    private static ServicePort port(String name, Protocol protocol, OptionalInt nodePort) {
        return new ServicePort(
                name, protocol, PORT, Integer.toString(ProxyNode.TARGET_PORT), nodePort, Optional.empty());
    }

    static Service service(String name, String... clusterIps) {
        return service(name, Service.Type.CLUSTER_IP, PORTS, List.of(), clusterIps);
    }

    static Service nodePort(String name, int nodePort, String... clusterIps) {
        return service(
                name,
                Service.Type.NODE_PORT,
                List.of(port("tcp", Protocol.TCP, OptionalInt.of(nodePort))),
                List.of(),
                clusterIps);
    }

    static Service external(String name, String externalIp, String... clusterIps) {
        return service(name, Service.Type.CLUSTER_IP, PORTS, List.of(IpAddress.parse(externalIp)), clusterIps);
    }

    private static Service service(
            String name,
            Service.Type type,
            List<ServicePort> ports,
            List<IpAddress> externalIps,
            String... clusterIps) {
        return new Service(
                new ServiceId("default", name),
                Map.of(),
                Map.of(),
                type,
                Map.of(),
                Arrays.stream(clusterIps).map(IpAddress::parse).toList(),
                ports,
                externalIps,
                Service.LoadBalancer.NONE,
                Optional.empty(),
                OptionalInt.empty(),
                Service.TrafficPolicy.CLUSTER,
                Service.TrafficPolicy.CLUSTER,
                Optional.empty(),
                false);
    }

    static Service headless(String name) {
        return service(name);
    }

    /** A slice of ready endpoints of one family. */
    static EndpointSlice slice(Service service, IpAddress... endpoints) {
        return slice(service, true, endpoints);
    }

    static EndpointSlice slice(Service service, boolean ready, IpAddress... endpoints) {
        IpFamily family = endpoints.length == 0 ? IpFamily.IPV4 : endpoints[0].family();
        return new EndpointSlice(
                service.id().name() + "-" + family.name().toLowerCase(Locale.ROOT),
                service.id(),
                family,
                Arrays.stream(endpoints).map(ip -> endpoint(ip, ready)).toList(),
                service.ports().stream()
                        .map(port -> new EndpointSlice.Port(
                                port.name(), port.protocol(), OptionalInt.of(ProxyNode.TARGET_PORT)))
                        .toList());
    }

    private static EndpointSlice.Endpoint endpoint(IpAddress ip, boolean ready) {
        return new EndpointSlice.Endpoint(
                List.of(ip),
                ready,
                ready,
                false,
                Optional.empty(),
                Optional.of(ProxyNode.NAME),
                Optional.of(ProxyNode.ZONE),
                List.of(),
                List.of(),
                Optional.empty());
    }
}
