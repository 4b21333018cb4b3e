package io.podnet.services;

import io.podnet.api.Cidr;
import io.podnet.api.EndpointSlice;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.Packet;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.Service.TrafficPolicy;
import io.podnet.api.ServiceId;
import io.podnet.api.ServicePort;
import io.podnet.spi.ServiceChanges;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Builds a service and its endpoints with few words; what a test does not say is Kubernetes' default. */
final class Desired {
    static final ModelSettings SETTINGS = new ModelSettings(
            "node-a",
            Optional.of("zone-a"),
            List.of(Cidr.parse("10.96.0.0/16"), Cidr.parse("fd96::/112")),
            List.of(Cidr.parse("192.0.2.0/24"), Cidr.parse("fdee::/64")),
            false,
            List.of(),
            new LocalDetector.SourceCidrs(List.of(Cidr.parse("10.244.1.0/24"))));
    static final List<IpAddress> NODE = List.of(IpAddress.parse("192.168.1.10"), IpAddress.parse("fd01::10"));

    ServiceId id = new ServiceId("default", "web");
    Map<String, String> labels = Map.of();
    Service.Type type = Service.Type.CLUSTER_IP;
    List<String> clusterIps = List.of("10.96.0.1");
    List<ServicePort> ports = List.of(port("", Protocol.TCP, 80, OptionalInt.empty()));
    List<String> externalIps = List.of();
    List<Service.Ingress> ingress = List.of();
    List<String> sourceRanges = List.of();
    OptionalInt healthCheckNodePort = OptionalInt.empty();
    OptionalInt affinity = OptionalInt.empty();
    TrafficPolicy internal = TrafficPolicy.CLUSTER;
    TrafficPolicy external = TrafficPolicy.CLUSTER;
    final List<EndpointSlice> slices = new ArrayList<>();

    static ServicePort port(String name, Protocol protocol, int port, OptionalInt nodePort) {
        return new ServicePort(name, protocol, port, "8080", nodePort, Optional.empty());
    }

    static Desired service() {
        return new Desired();
    }

    static Desired nodePort() {
        Desired desired = new Desired();
        desired.type = Service.Type.NODE_PORT;
        desired.ports = List.of(port("", Protocol.TCP, 80, OptionalInt.of(30080)));
        return desired;
    }

    static Desired loadBalancer(String ip) {
        Desired desired = nodePort();
        desired.type = Service.Type.LOAD_BALANCER;
        desired.ingress = List.of(new Service.Ingress(IpAddress.parse(ip), false));
        return desired;
    }

    Desired endpoints(EndpointSlice.Endpoint... endpoints) {
        return slice("web-" + slices.size(), IpFamily.IPV4, endpoints);
    }

    Desired slice(String name, IpFamily family, EndpointSlice.Endpoint... endpoints) {
        List<EndpointSlice.Port> slicePorts = ports.stream()
                .map(port -> new EndpointSlice.Port(port.name(), port.protocol(), OptionalInt.of(8080)))
                .toList();
        slices.add(new EndpointSlice(name, id, family, Arrays.asList(endpoints), slicePorts));
        return this;
    }

    Service build() {
        return new Service(
                id,
                labels,
                Map.of(),
                type,
                Map.of(),
                clusterIps.stream().map(IpAddress::parse).toList(),
                ports,
                externalIps.stream().map(IpAddress::parse).toList(),
                new Service.LoadBalancer(
                        ingress, sourceRanges.stream().map(Cidr::parse).toList(), healthCheckNodePort),
                Optional.empty(),
                affinity,
                internal,
                external,
                Optional.empty(),
                false);
    }

    static ServiceChanges all(Desired... services) {
        return ServiceChanges.complete(
                Arrays.stream(services).map(Desired::build).toList(),
                Arrays.stream(services).flatMap(one -> one.slices.stream()).toList());
    }

    ServiceModel model(ModelSettings settings) {
        ServiceModel model = new ServiceModel(settings);
        model.update(all(this));
        return model;
    }

    ServiceModel model() {
        return model(SETTINGS);
    }

    /** The only port that is decided. */
    VirtualPort decided() {
        List<VirtualPort> decided = model().ports(id);
        if (decided.size() != 1) {
            throw new AssertionError("one port expected: " + decided);
        }
        return decided.get(0);
    }

    /** A change of an endpoint that most tests do not make. */
    record Variant(
            boolean ready,
            boolean serving,
            boolean terminating,
            String node,
            List<String> hintNodes,
            List<String> hintZones) {
        EndpointSlice.Endpoint at(String ip) {
            return new EndpointSlice.Endpoint(
                    List.of(IpAddress.parse(ip)),
                    ready,
                    serving,
                    terminating,
                    Optional.empty(),
                    Optional.of(node),
                    Optional.empty(),
                    hintNodes,
                    hintZones,
                    Optional.empty());
        }

        Variant hintNodes(String... nodes) {
            return new Variant(ready, serving, terminating, node, List.of(nodes), hintZones);
        }

        Variant hintZones(String... zones) {
            return new Variant(ready, serving, terminating, node, hintNodes, List.of(zones));
        }
    }

    static final Variant LOCAL = new Variant(true, true, false, "node-a", List.of(), List.of());
    static final Variant REMOTE = new Variant(true, true, false, "node-b", List.of(), List.of());
    static final Variant LOCAL_TERMINATING = new Variant(false, true, true, "node-a", List.of(), List.of());
    static final Variant REMOTE_TERMINATING = new Variant(false, true, true, "node-b", List.of(), List.of());
    static final Variant NOT_SERVING = new Variant(false, false, true, "node-a", List.of(), List.of());
    static final Variant NOT_READY = new Variant(false, true, false, "node-a", List.of(), List.of());

    static Backend backend(String ip) {
        return new Backend(IpAddress.parse(ip), 8080);
    }

    static Packet packet(String source, String destination, int port, String inInterface) {
        return packet(Protocol.TCP, source, destination, port, inInterface);
    }

    static Packet packet(Protocol protocol, String source, String destination, int port, String inInterface) {
        return new Packet(
                IpAddress.parse(source),
                IpAddress.parse(destination),
                protocol,
                40000,
                port,
                Optional.of(inInterface).filter(name -> !name.isEmpty()));
    }
}
