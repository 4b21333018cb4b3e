package io.podnet.examples.manifest;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.IpFamilyPolicy;
import io.podnet.api.Service;
import io.podnet.api.ServiceId;
import io.podnet.api.ServicePort;
import io.podnet.api.ServiceSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/** Reads one {@code v1/Service}, with Kubernetes' defaults (pkg/apis/core/v1/defaults.go, SetDefaults_Service). */
final class ServiceReader {
    private static final int MAX_PORT = 65_535;
    private static final int DEFAULT_AFFINITY_SECONDS = 10_800;
    private static final int MAX_AFFINITY_SECONDS = 86_400;
    private static final String NONE = "None";
    private static final Map<String, Service.Type> TYPES = Map.of(
            "ClusterIP", Service.Type.CLUSTER_IP,
            "NodePort", Service.Type.NODE_PORT,
            "LoadBalancer", Service.Type.LOAD_BALANCER,
            "ExternalName", Service.Type.EXTERNAL_NAME);
    private static final Map<String, Service.TrafficPolicy> POLICIES =
            Map.of("Cluster", Service.TrafficPolicy.CLUSTER, "Local", Service.TrafficPolicy.LOCAL);
    static final Map<String, IpFamily> FAMILIES = Map.of("IPv4", IpFamily.IPV4, "IPv6", IpFamily.IPV6);
    private static final Map<String, String> DISTRIBUTIONS = Map.of(
            "PreferClose", "PreferClose", "PreferSameZone", "PreferSameZone", "PreferSameNode", "PreferSameNode");
    private static final Set<String> READ = Set.of(
            "type",
            "selector",
            "clusterIP",
            "clusterIPs",
            "ports",
            "externalIPs",
            "externalName",
            "sessionAffinity",
            "sessionAffinityConfig",
            "internalTrafficPolicy",
            "externalTrafficPolicy",
            "trafficDistribution",
            "publishNotReadyAddresses",
            "ipFamilies",
            "ipFamilyPolicy",
            "loadBalancerSourceRanges",
            "allocateLoadBalancerNodePorts",
            "healthCheckNodePort");

    private final Fields service;
    private final Fields spec;

    private ServiceReader(Fields service) {
        this.service = service;
        this.spec = service.object("spec").orElseThrow(() -> service.error("spec", "is required"));
    }

    static ServiceManifest read(Fields service, Consumer<String> notes) {
        ServiceReader reader = new ServiceReader(service);
        for (String field : reader.spec.namesOutside(READ)) {
            notes.accept(reader.spec.pathOf(field) + " is not used");
        }
        return new ServiceManifest(reader.wanted(), CanonicalJson.write(service.value()));
    }

    private ServiceSpec wanted() {
        Fields metadata = service.object("metadata").orElseThrow();
        ServiceId id = metadata.checked(
                "name",
                () -> new ServiceId(metadata.string("namespace").orElse("default"), metadata.requiredString("name")));
        List<String> clusterIps = clusterIps();
        boolean headless = clusterIps.equals(List.of(NONE));
        List<IpAddress> requested = headless
                ? List.of()
                : clusterIps.stream()
                        .map(text -> spec.checked("clusterIPs", () -> IpAddress.parse(text)))
                        .toList();
        List<ServicePort> ports = ports();
        Service made = spec.checked(
                "ports",
                () -> new Service(
                        id,
                        metadata.stringMap("labels"),
                        metadata.stringMap("annotations"),
                        spec.oneOf("type", TYPES).orElse(Service.Type.CLUSTER_IP),
                        spec.stringMap("selector"),
                        requested,
                        ports,
                        addresses("externalIPs"),
                        loadBalancer(),
                        spec.string("externalName").filter(name -> !name.isEmpty()),
                        affinity(),
                        spec.oneOf("internalTrafficPolicy", POLICIES).orElse(Service.TrafficPolicy.CLUSTER),
                        spec.oneOf("externalTrafficPolicy", POLICIES).orElse(Service.TrafficPolicy.CLUSTER),
                        spec.oneOf("trafficDistribution", DISTRIBUTIONS),
                        spec.isTrue("publishNotReadyAddresses")));
        return service.checked(
                "spec",
                () -> new ServiceSpec(
                        made,
                        headless,
                        spec.parsed("ipFamilyPolicy", IpFamilyPolicy::parse),
                        families(),
                        spec.bool("allocateLoadBalancerNodePorts").orElse(true)));
    }

    /** clusterIP is the first of clusterIPs, where both are there. */
    private List<String> clusterIps() {
        Optional<String> first = spec.string("clusterIP").filter(text -> !text.isEmpty());
        List<String> all = spec.strings("clusterIPs");
        if (all.isEmpty()) {
            return first.stream().toList();
        }
        if (first.isPresent() && !first.get().equals(all.get(0))) {
            throw spec.error("clusterIPs", "must begin with clusterIP, " + first.get());
        }
        return all;
    }

    private List<ServicePort> ports() {
        List<ServicePort> ports = new ArrayList<>();
        for (Fields port : spec.objects("ports")) {
            int number = port.integer("port", 1, MAX_PORT).orElseThrow(() -> port.error("port", "is required"));
            OptionalInt nodePort = port.integer("nodePort", 0, MAX_PORT);
            String name = port.string("name").orElse("");
            ports.add(port.checked(
                    "name",
                    () -> new ServicePort(
                            name,
                            Protocols.of(port),
                            number,
                            port.stringOrInteger("targetPort", 1, MAX_PORT)
                                    .filter(text -> !text.isEmpty())
                                    .orElse(Integer.toString(number)),
                            nodePort.orElse(0) == 0 ? OptionalInt.empty() : nodePort,
                            port.string("appProtocol").filter(text -> !text.isEmpty()))));
        }
        return ports;
    }

    private List<IpAddress> addresses(String key) {
        return spec.strings(key).stream()
                .map(text -> spec.checked(key, () -> IpAddress.parse(text)))
                .toList();
    }

    private List<IpFamily> families() {
        List<IpFamily> families = new ArrayList<>();
        for (String text : spec.strings("ipFamilies")) {
            IpFamily family = FAMILIES.get(text);
            if (family == null) {
                throw spec.error("ipFamilies", "'" + text + "' is not one of IPv4, IPv6");
            }
            families.add(family);
        }
        return families;
    }

    private OptionalInt affinity() {
        boolean clientIp = spec.oneOf("sessionAffinity", Map.of("None", false, "ClientIP", true))
                .orElse(false);
        OptionalInt seconds = spec.object("sessionAffinityConfig")
                .flatMap(config -> config.object("clientIP"))
                .map(client -> client.integer("timeoutSeconds", 1, MAX_AFFINITY_SECONDS))
                .orElse(OptionalInt.empty());
        return clientIp ? OptionalInt.of(seconds.orElse(DEFAULT_AFFINITY_SECONDS)) : OptionalInt.empty();
    }

    private Service.LoadBalancer loadBalancer() {
        List<Cidr> ranges = spec.strings("loadBalancerSourceRanges").stream()
                .map(text -> spec.checked("loadBalancerSourceRanges", () -> Cidr.parse(text.strip())))
                .toList();
        OptionalInt check = spec.integer("healthCheckNodePort", 0, MAX_PORT);
        return new Service.LoadBalancer(ingress(), ranges, check.orElse(0) == 0 ? OptionalInt.empty() : check);
    }

    private List<Service.Ingress> ingress() {
        List<Service.Ingress> all = new ArrayList<>();
        List<Fields> entries = service.object("status")
                .flatMap(status -> status.object("loadBalancer"))
                .map(balancer -> balancer.objects("ingress"))
                .orElse(List.of());
        for (Fields entry : entries) {
            boolean proxied =
                    entry.oneOf("ipMode", Map.of("VIP", false, "Proxy", true)).orElse(false);
            entry.parsed("ip", IpAddress::parse).ifPresent(ip -> all.add(new Service.Ingress(ip, proxied)));
        }
        return all;
    }
}
