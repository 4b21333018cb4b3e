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
import io.podnet.spi.ServiceChanges.SliceId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Random services, slices, histories and packets, the same for the same seed. Addresses and ports come from small
 * pools, so that claims collide, packets hit services, and every branch of a decision is taken. Emitters' tests use it
 * too. An endpoint's address is never a service's or the node's.
 */
public final class ServiceCases {
    public static final String NODE = "node-a";
    public static final String ZONE = "zone-a";
    public static final String BRIDGE = "cbr0";
    public static final String VETH_PREFIX = "pn";

    private static final List<Protocol> PROTOCOLS = List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP);
    private static final List<String> PORT_NAMES = List.of("http", "metrics", "dns");

    private final Random random;
    private final ModelSettings settings;
    private final List<IpAddress> nodeAddresses;
    private final Map<ServiceId, Service> services = new LinkedHashMap<>();
    private final Map<SliceId, EndpointSlice> slices = new LinkedHashMap<>();

    public ServiceCases(long seed) {
        random = new Random(seed);
        nodeAddresses = List.of(
                ip("192.168.1.10"), ip("192.168.2.10"), ip("fd01::10"), ip("fd02::10"), ip("192.0.2.4"), ip("fdee::4"));
        settings = new ModelSettings(
                NODE,
                chance(80) ? Optional.of(ZONE) : Optional.empty(),
                chance(50) ? List.of(Cidr.parse("10.96.0.0/16"), Cidr.parse("fd96::/112")) : List.of(),
                chance(90) ? List.of(Cidr.parse("192.0.2.0/24"), Cidr.parse("fdee::/64")) : List.of(),
                chance(20),
                chance(30) ? List.of(Cidr.parse("192.168.1.0/24"), Cidr.parse("fd01::/64")) : List.of(),
                pick(List.of(
                        new LocalDetector.SourceCidrs(List.of(Cidr.parse("10.244.1.0/24"), Cidr.parse("fd44:1::/64"))),
                        new LocalDetector.SourceCidrs(List.of(Cidr.parse("10.244.0.0/16"))),
                        new LocalDetector.BridgeInterface(BRIDGE),
                        new LocalDetector.InterfaceNamePrefix(VETH_PREFIX),
                        new LocalDetector.None())));
    }

    public ModelSettings settings() {
        return settings;
    }

    /** The node's own addresses, one of them among those that services may claim. */
    public List<IpAddress> nodeAddresses() {
        return nodeAddresses;
    }

    /** A first step with this many services. */
    public ServiceChanges first(int count) {
        for (int i = 0; i < count; i++) {
            ServiceId id = new ServiceId("ns" + i % 3, "svc" + i);
            services.put(id, service(id));
            addSlices(id);
        }
        return all();
    }

    /** Everything that is desired now, as one step. */
    public ServiceChanges all() {
        return ServiceChanges.complete(List.copyOf(services.values()), List.copyOf(slices.values()));
    }

    /** A random step from what is desired now; sometimes a complete one, sometimes one that changes nothing. */
    public ServiceChanges step() {
        List<Service> changed = new ArrayList<>();
        List<ServiceId> removed = new ArrayList<>();
        List<EndpointSlice> changedSlices = new ArrayList<>();
        List<SliceId> removedSlices = new ArrayList<>();
        for (ServiceId id : some(List.copyOf(services.keySet()))) {
            if (chance(20)) {
                services.remove(id);
                removed.add(id);
            } else {
                services.put(id, service(id));
                changed.add(services.get(id));
            }
        }
        if (chance(40)) {
            ServiceId id = new ServiceId("ns" + random.nextInt(3), "new" + random.nextInt(10));
            if (!removed.contains(id)
                    && changed.stream().noneMatch(service -> service.id().equals(id))) {
                services.put(id, service(id));
                changed.add(services.get(id));
            }
        }
        for (SliceId id : some(List.copyOf(slices.keySet()))) {
            if (chance(30)) {
                slices.remove(id);
                removedSlices.add(id);
            } else {
                slices.put(id, slice(id, slices.get(id).addressType()));
                changedSlices.add(slices.get(id));
            }
        }
        if (chance(50)) {
            SliceId id = new SliceId(anyService(), "extra-" + random.nextInt(3));
            if (!slices.containsKey(id) && !removedSlices.contains(id)) {
                slices.put(id, slice(id, family()));
                changedSlices.add(slices.get(id));
            }
        }
        return chance(10) ? all() : new ServiceChanges(false, changed, removed, changedSlices, removedSlices);
    }

    private ServiceId anyService() {
        return services.isEmpty() || chance(5) ? new ServiceId("ns0", "nobody") : pick(List.copyOf(services.keySet()));
    }

    private Service service(ServiceId id) {
        boolean dual = chance(40);
        IpFamily first = family();
        List<IpAddress> clusterIps = new ArrayList<>();
        if (!chance(4)) {
            clusterIps.add(clusterIp(first));
            if (dual) {
                clusterIps.add(clusterIp(first == IpFamily.IPV4 ? IpFamily.IPV6 : IpFamily.IPV4));
            }
        }
        Service.Type type = pick(List.of(
                Service.Type.CLUSTER_IP,
                Service.Type.NODE_PORT,
                Service.Type.LOAD_BALANCER,
                Service.Type.LOAD_BALANCER));
        return new Service(
                id,
                chance(4)
                        ? Map.of(
                                "service.kubernetes.io/" + pick(List.of("service-proxy-name", "headless", "other")),
                                "x")
                        : Map.of(),
                Map.of(),
                chance(3) ? Service.Type.EXTERNAL_NAME : type,
                Map.of("app", id.name()),
                clusterIps,
                ports(),
                chance(40) ? list(2, this::externalIp) : List.of(),
                new Service.LoadBalancer(
                        list(2, () -> new Service.Ingress(externalIp(), chance(20))),
                        chance(50) ? list(3, this::sourceRange) : List.of(),
                        chance(60) ? OptionalInt.of(30000 + random.nextInt(40)) : OptionalInt.empty()),
                Optional.empty(),
                chance(25) ? OptionalInt.of(1 + random.nextInt(100)) : OptionalInt.empty(),
                policy(),
                policy(),
                Optional.empty(),
                false);
    }

    private List<ServicePort> ports() {
        if (chance(70)) {
            return List.of(port(""));
        }
        List<ServicePort> ports = new ArrayList<>();
        PORT_NAMES.subList(0, 2 + random.nextInt(2)).forEach(name -> ports.add(port(name)));
        return ports;
    }

    private ServicePort port(String name) {
        return new ServicePort(
                name,
                pick(PROTOCOLS),
                pick(List.of(53, 80, 443, 30003)),
                "8080",
                chance(70) ? OptionalInt.of(30000 + random.nextInt(40)) : OptionalInt.empty(),
                Optional.empty());
    }

    private void addSlices(ServiceId service) {
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            SliceId id = new SliceId(service, "slice-" + i);
            slices.put(id, slice(id, family()));
        }
    }

    private EndpointSlice slice(SliceId id, IpFamily family) {
        // Hints are all there or mostly missing: else they would hardly ever count.
        int nodeHints = pick(List.of(0, 100, 70));
        int zoneHints = pick(List.of(0, 100, 70));
        int ready = pick(List.of(0, 30, 95));
        List<EndpointSlice.Endpoint> endpoints = list(5, () -> {
            IpFamily own = chance(3) ? family() : family;
            boolean local = chance(40);
            boolean isReady = chance(ready);
            return new EndpointSlice.Endpoint(
                    List.of(pod(own, local)),
                    isReady,
                    isReady || chance(60),
                    !isReady && chance(70),
                    Optional.empty(),
                    Optional.of(local ? NODE : "node-b"),
                    Optional.of(chance(50) ? ZONE : "zone-b"),
                    chance(nodeHints) ? List.of(pick(List.of(NODE, "node-b"))) : List.of(),
                    chance(zoneHints) ? List.of(pick(List.of(ZONE, "zone-b"))) : List.of(),
                    Optional.empty());
        });
        Service service = services.get(id.service());
        List<EndpointSlice.Port> ports = new ArrayList<>();
        if (service != null) {
            for (ServicePort port : service.ports()) {
                ports.add(new EndpointSlice.Port(
                        port.name(),
                        chance(95) ? port.protocol() : pick(PROTOCOLS),
                        chance(95) ? OptionalInt.of(8080 + random.nextInt(2)) : OptionalInt.empty()));
            }
        }
        return new EndpointSlice(id.name(), id.service(), family, endpoints, ports);
    }

    /** A packet that mostly aims at a service. */
    public Packet packet() {
        Service service = services.isEmpty() ? null : pick(List.copyOf(services.values()));
        IpFamily family = service == null || service.clusterIps().isEmpty()
                ? family()
                : pick(service.clusterIps()).family();
        List<IpAddress> destinations = new ArrayList<>(List.of(clusterIp(family), pod(family, true)));
        List<Integer> numbers = new ArrayList<>(List.of(80, 30000 + random.nextInt(40)));
        Protocol protocol = pick(PROTOCOLS);
        List<IpAddress> balancers = new ArrayList<>();
        if (service != null && !service.ports().isEmpty() && chance(95)) {
            ServicePort port = pick(service.ports());
            service.loadBalancer().ingress().forEach(ingress -> balancers.add(ingress.ip()));
            protocol = port.protocol();
            destinations.clear();
            destinations.addAll(service.clusterIps());
            destinations.addAll(service.externalIps());
            destinations.addAll(balancers);
            numbers.clear();
            numbers.add(port.port());
            if (chance(30)) {
                destinations.clear();
                destinations.addAll(nodeAddresses);
                destinations.add(ip(family == IpFamily.IPV4 ? "127.0.0.1" : "::1"));
                numbers.clear();
                numbers.add(port.nodePort().orElse(30000));
                service.loadBalancer().healthCheckNodePort().ifPresent(numbers::add);
            }
        }
        destinations.removeIf(ip -> ip.family() != family);
        balancers.removeIf(ip -> ip.family() != family);
        IpAddress destination = destinations.isEmpty() ? clusterIp(family) : pick(destinations);
        Origin origin = origin(family, balancers);
        return new Packet(
                origin.source, destination, protocol, 1024 + random.nextInt(1000), pick(numbers), origin.inInterface);
    }

    private record Origin(IpAddress source, Optional<String> inInterface) {}

    private Origin origin(IpFamily family, List<IpAddress> balancers) {
        int kind = random.nextInt(10);
        if (kind < 4) {
            return new Origin(pod(family, true), Optional.of(pick(List.of(BRIDGE, VETH_PREFIX + "ab12"))));
        }
        if (kind < 6) {
            return new Origin(pod(family, false), Optional.of("eth0"));
        }
        if (kind < 8) {
            IpAddress outside = ip((family == IpFamily.IPV4 ? "198.51.100." : "2001:db8::") + (1 + random.nextInt(9)));
            return new Origin(outside, Optional.of("eth0"));
        }
        List<IpAddress> own = new ArrayList<>(nodeAddresses);
        own.removeIf(ip -> ip.family() != family);
        own.addAll(balancers);
        return new Origin(pick(own), Optional.empty());
    }

    private IpAddress pod(IpFamily family, boolean local) {
        String network =
                family == IpFamily.IPV4 ? (local ? "10.244.1." : "10.244.2.") : local ? "fd44:1::" : "fd44:2::";
        return ip(network + (1 + random.nextInt(9)));
    }

    private IpAddress clusterIp(IpFamily family) {
        return ip((family == IpFamily.IPV4 ? "10.96.0." : "fd96::") + (1 + random.nextInt(60)));
    }

    private IpAddress externalIp() {
        int last = 1 + random.nextInt(9);
        return ip(pick(List.of("192.0.2." + last, "192.0.2." + last, "fdee::" + last, "203.0.113." + last)));
    }

    private Cidr sourceRange() {
        return Cidr.parse(pick(List.of(
                "198.51.100.0/29",
                "10.244.1.0/24",
                "192.168.1.0/24",
                "203.0.113.7/32",
                "2001:db8::/125",
                "fd01::/64")));
    }

    private TrafficPolicy policy() {
        return chance(50) ? TrafficPolicy.CLUSTER : TrafficPolicy.LOCAL;
    }

    private IpFamily family() {
        return chance(60) ? IpFamily.IPV4 : IpFamily.IPV6;
    }

    private static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private <T> List<T> some(List<T> from) {
        List<T> picked = new ArrayList<>();
        for (T element : from) {
            if (random.nextInt(from.size()) < 2) {
                picked.add(element);
            }
        }
        return picked;
    }

    private <T> List<T> list(int max, Supplier<T> element) {
        List<T> elements = new ArrayList<>();
        int count = random.nextInt(max + 1);
        for (int i = 0; i < count; i++) {
            elements.add(element.get());
        }
        return elements;
    }
}
