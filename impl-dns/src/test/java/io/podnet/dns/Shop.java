package io.podnet.dns;

import io.podnet.api.EndpointSlice;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.PodId;
import io.podnet.api.PodSpec;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.ServiceId;
import io.podnet.api.ServicePort;
import io.podnet.spi.NameChanges;
import io.podnet.spi.ServiceChanges;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Makers of services, endpoints and pods, and the example that the tests of answers share. */
public final class Shop {
    private Shop() {}

    public static Service clusterIp(String namespace, String name, List<String> ips, ServicePort... ports) {
        return service(namespace, name, Service.Type.CLUSTER_IP, ips, Optional.empty(), false, ports);
    }

    public static Service headless(String namespace, String name, ServicePort... ports) {
        return service(namespace, name, Service.Type.CLUSTER_IP, List.of(), Optional.empty(), false, ports);
    }

    public static Service eager(String namespace, String name, ServicePort... ports) {
        return service(namespace, name, Service.Type.CLUSTER_IP, List.of(), Optional.empty(), true, ports);
    }

    public static Service external(String namespace, String name, String target) {
        return service(namespace, name, Service.Type.EXTERNAL_NAME, List.of(), Optional.of(target), false);
    }

    private static Service service(
            String namespace,
            String name,
            Service.Type type,
            List<String> ips,
            Optional<String> externalName,
            boolean publishNotReady,
            ServicePort... ports) {
        return new Service(
                new ServiceId(namespace, name),
                Map.of(),
                Map.of(),
                type,
                Map.of(),
                ips.stream().map(IpAddress::parse).toList(),
                List.of(ports),
                List.of(),
                Service.LoadBalancer.NONE,
                externalName,
                OptionalInt.empty(),
                Service.TrafficPolicy.CLUSTER,
                Service.TrafficPolicy.CLUSTER,
                Optional.empty(),
                publishNotReady);
    }

    public static ServicePort port(String name, Protocol protocol, int number) {
        return new ServicePort(name, protocol, number, Integer.toString(number), OptionalInt.empty(), Optional.empty());
    }

    /** An endpoint as {@code address}, {@code hostname@address}, or {@code !address} for one that is not ready. */
    public static EndpointSlice slice(
            String namespace, String service, String name, List<EndpointSlice.Port> ports, String... endpoints) {
        List<EndpointSlice.Endpoint> made = new ArrayList<>();
        IpFamily family = IpFamily.IPV4;
        for (String text : endpoints) {
            boolean ready = !text.startsWith("!");
            String[] parts = (ready ? text : text.substring(1)).split("@", -1);
            IpAddress address = IpAddress.parse(parts[parts.length - 1]);
            family = address.family();
            made.add(new EndpointSlice.Endpoint(
                    List.of(address),
                    ready,
                    ready,
                    false,
                    parts.length == 2 ? Optional.of(parts[0]) : Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    Optional.empty()));
        }
        return new EndpointSlice(name, new ServiceId(namespace, service), family, made, ports);
    }

    public static EndpointSlice.Port endpointPort(String name, Protocol protocol, int number) {
        return new EndpointSlice.Port(name, protocol, OptionalInt.of(number));
    }

    public static NameChanges.PodAddresses pod(String namespace, String name, String... ips) {
        return new NameChanges.PodAddresses(
                PodSpec.of(namespace, name).build(),
                Arrays.stream(ips).map(IpAddress::parse).toList());
    }

    public static NameChanges complete(
            List<Service> services,
            List<EndpointSlice> slices,
            List<NameChanges.PodAddresses> pods,
            String... namespaces) {
        return new NameChanges(ServiceChanges.complete(services, slices), pods, Set.<PodId>of(), Set.of(namespaces));
    }

    public static NameChanges change(List<Service> services, List<EndpointSlice> slices, String... namespaces) {
        return new NameChanges(
                new ServiceChanges(false, services, List.of(), slices, List.of()),
                List.of(),
                Set.of(),
                Set.of(namespaces));
    }

    /** The example of the schema's table: a virtual service, a headless one, an alias, pods. */
    public static NameChanges example() {
        List<EndpointSlice.Port> pg = List.of(endpointPort("pg", Protocol.TCP, 5432));
        return complete(
                List.of(
                        clusterIp(
                                "shop",
                                "api",
                                List.of("10.96.7.4", "fd00:96::7"),
                                port("http", Protocol.TCP, 80),
                                port("quic", Protocol.UDP, 443)),
                        clusterIp("shop", "four", List.of("10.96.7.5"), port("", Protocol.TCP, 80)),
                        clusterIp("shop", "six", List.of("fd00:96::8"), port("grpc", Protocol.TCP, 9000)),
                        headless("shop", "db", port("pg", Protocol.TCP, 5432)),
                        headless("shop", "none", port("pg", Protocol.TCP, 5432)),
                        eager("shop", "eager", port("pg", Protocol.TCP, 5432)),
                        external("shop", "pay", "pay.example.com"),
                        external("shop", "inner", "API.shop.svc.cluster.local"),
                        external("shop", "lost", "nowhere.shop.svc.cluster.local"),
                        external("shop", "ring", "gnir.shop.svc.cluster.local"),
                        external("shop", "gnir", "ring.shop.svc.cluster.local")),
                List.of(
                        slice("shop", "db", "db-4", pg, "db-0@10.0.1.5", "10.0.2.6", "!10.0.2.7"),
                        slice("shop", "db", "db-6", pg, "db-0@fd00:10::5", "fd00:10::6"),
                        slice("shop", "none", "none-4", pg, "!10.0.3.1"),
                        slice("shop", "eager", "eager-4", pg, "!early@10.0.3.2")),
                List.of(pod("shop", "db-0", "10.0.1.5", "fd00:10::5"), pod("shop", "web", "10.0.9.9")),
                "shop",
                "empty");
    }
}
