package io.podnet.cluster;

import io.podnet.allocation.Allocation;
import io.podnet.allocation.Allocation.PortKey;
import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.ServiceId;
import io.podnet.api.ServicePort;
import io.podnet.endpoints.SelectedService;
import io.podnet.record.RecordKeys;
import io.podnet.spi.ClusterStore.Entry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/** The text of a service's entry. */
final class ServiceText {
    private static final String VERSION = "1";
    private static final String PENDING_PORT = "pending.nodePort.";

    private ServiceText() {}

    static String write(StoredService stored) {
        Map<String, String> keys = new TreeMap<>();
        keys.put("version", VERSION);
        keys.put("namespace", stored.id().namespace());
        keys.put("name", stored.id().name());
        keys.put("owners", String.join(" ", stored.owners().stream().sorted().toList()));
        Allocation pending = stored.pending();
        if (!pending.isEmpty()) {
            keys.put("pending.clusterIps", RecordKeys.join(pending.clusterIps()));
            pending.nodePorts()
                    .forEach((port, number) ->
                            keys.put(PENDING_PORT + port.port() + "/" + port.protocol(), Integer.toString(number)));
            put(keys, "pending.healthCheckNodePort", pending.healthCheckNodePort());
        }
        stored.selected().ifPresent(selected -> {
            keys.put("families", RecordKeys.join(selected.families()));
            write(selected.service(), keys);
        });
        return RecordKeys.write(keys);
    }

    private static void write(Service service, Map<String, String> keys) {
        keys.put("type", service.type().name());
        service.labels().forEach((key, value) -> keys.put("label." + key, value));
        service.annotations().forEach((key, value) -> keys.put("annotation." + key, value));
        service.selector().forEach((key, value) -> keys.put("selector." + key, value));
        keys.put("clusterIps", RecordKeys.join(service.clusterIps()));
        keys.put("externalIps", RecordKeys.join(service.externalIps()));
        for (int i = 0; i < service.ports().size(); i++) {
            ServicePort port = service.ports().get(i);
            String prefix = "port." + i + ".";
            keys.put(prefix + "name", port.name());
            keys.put(prefix + "protocol", port.protocol().name());
            keys.put(prefix + "port", Integer.toString(port.port()));
            keys.put(prefix + "targetPort", port.targetPort());
            put(keys, prefix + "nodePort", port.nodePort());
            port.appProtocol().ifPresent(hint -> keys.put(prefix + "appProtocol", hint));
        }
        Service.LoadBalancer balancer = service.loadBalancer();
        for (int i = 0; i < balancer.ingress().size(); i++) {
            Service.Ingress ingress = balancer.ingress().get(i);
            keys.put("ingress." + i, ingress.ip() + " " + ingress.proxied());
        }
        keys.put("sourceRanges", RecordKeys.join(balancer.sourceRanges()));
        put(keys, "healthCheckNodePort", balancer.healthCheckNodePort());
        service.externalName().ifPresent(name -> keys.put("externalName", name));
        put(keys, "sessionAffinityTimeoutSeconds", service.sessionAffinityTimeoutSeconds());
        keys.put("internalTrafficPolicy", service.internalTrafficPolicy().name());
        keys.put("externalTrafficPolicy", service.externalTrafficPolicy().name());
        service.trafficDistribution().ifPresent(wanted -> keys.put("trafficDistribution", wanted));
        keys.put("publishNotReadyAddresses", Boolean.toString(service.publishNotReadyAddresses()));
    }

    private static void put(Map<String, String> keys, String key, OptionalInt number) {
        number.ifPresent(value -> keys.put(key, Integer.toString(value)));
    }

    static StoredService read(Entry entry) {
        RecordKeys keys = new RecordKeys("store entry " + entry.key(), entry.value());
        keys.requireVersion(VERSION);
        try {
            ServiceId id = new ServiceId(keys.get("namespace"), keys.get("name"));
            Map<PortKey, Integer> ports = new LinkedHashMap<>();
            keys.prefixed(PENDING_PORT).forEach((port, number) -> {
                String[] parts = port.split("/", 2);
                ports.put(new PortKey(Protocol.valueOf(parts[1]), Integer.parseInt(parts[0])), Integer.valueOf(number));
            });
            String ips = keys.find("pending.clusterIps");
            return new StoredService(
                    id,
                    keys.find("type") == null
                            ? Optional.empty()
                            : Optional.of(new SelectedService(
                                    service(id, keys),
                                    RecordKeys.words(keys.get("families")).stream()
                                            .map(IpFamily::valueOf)
                                            .toList())),
                    Set.copyOf(RecordKeys.words(keys.get("owners"))),
                    new Allocation(
                            id, addresses(ips == null ? "" : ips), ports, number(keys, "pending.healthCheckNodePort")));
        } catch (RuntimeException e) {
            throw keys.damaged(e);
        }
    }

    private static Service service(ServiceId id, RecordKeys keys) {
        List<ServicePort> ports = new ArrayList<>();
        for (int i = 0; keys.find("port." + i + ".port") != null; i++) {
            String prefix = "port." + i + ".";
            ports.add(new ServicePort(
                    keys.get(prefix + "name"),
                    Protocol.valueOf(keys.get(prefix + "protocol")),
                    Integer.parseInt(keys.get(prefix + "port")),
                    keys.get(prefix + "targetPort"),
                    number(keys, prefix + "nodePort"),
                    Optional.ofNullable(keys.find(prefix + "appProtocol"))));
        }
        List<Service.Ingress> ingress = new ArrayList<>();
        for (String line : keys.numbered("ingress.")) {
            List<String> words = RecordKeys.words(line);
            ingress.add(new Service.Ingress(IpAddress.parse(words.get(0)), Boolean.parseBoolean(words.get(1))));
        }
        return new Service(
                id,
                keys.prefixed("label."),
                keys.prefixed("annotation."),
                Service.Type.valueOf(keys.get("type")),
                keys.prefixed("selector."),
                addresses(keys.get("clusterIps")),
                ports,
                addresses(keys.get("externalIps")),
                new Service.LoadBalancer(
                        ingress,
                        RecordKeys.words(keys.get("sourceRanges")).stream()
                                .map(Cidr::parse)
                                .toList(),
                        number(keys, "healthCheckNodePort")),
                Optional.ofNullable(keys.find("externalName")),
                number(keys, "sessionAffinityTimeoutSeconds"),
                Service.TrafficPolicy.valueOf(keys.get("internalTrafficPolicy")),
                Service.TrafficPolicy.valueOf(keys.get("externalTrafficPolicy")),
                Optional.ofNullable(keys.find("trafficDistribution")),
                Boolean.parseBoolean(keys.get("publishNotReadyAddresses")));
    }

    private static List<IpAddress> addresses(String line) {
        return RecordKeys.words(line).stream().map(IpAddress::parse).toList();
    }

    private static OptionalInt number(RecordKeys keys, String key) {
        String text = keys.find(key);
        return text == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
    }
}
