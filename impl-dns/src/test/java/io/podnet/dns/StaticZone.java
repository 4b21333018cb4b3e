package io.podnet.dns;

import io.podnet.api.EndpointSlice;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.ServiceId;
import io.podnet.api.ServicePort;
import io.podnet.spi.NameChanges;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The same names as static zones: Kubernetes' schema 1.1.0 written out record by record, straight from the objects. It
 * shares no code with the index.
 */
final class StaticZone {
    private static final String DOMAIN = "cluster.local.";

    private final Map<String, Set<String>> zones = new TreeMap<>();

    StaticZone(NameChanges state, List<String> reverseZones, long serial) {
        List<String> apexes = new ArrayList<>(reverseZones);
        apexes.add(DOMAIN);
        for (String apex : apexes) {
            Set<String> records = new LinkedHashSet<>();
            zones.put(apex, records);
            records.add(apex + " SOA ns.dns." + DOMAIN + " hostmaster." + DOMAIN + " " + serial + " 7200 1800 86400 5");
            records.add(apex + " NS ns.dns." + DOMAIN);
        }
        add("ns.dns." + DOMAIN, "A", ServedPod.ADDRESS);
        add("dns-version." + DOMAIN, "TXT", "\"1.1.0\"");
        state.services()
                .services()
                .forEach(service -> add(service, state.services().endpointSlices()));
        for (NameChanges.PodAddresses pod : state.pods()) {
            for (IpAddress ip : pod.ips()) {
                add(dashed(ip) + "." + pod.spec().id().namespace() + ".pod." + DOMAIN, type(ip), ip.toString());
            }
        }
    }

    private static String type(IpAddress ip) {
        return ip.family() == IpFamily.IPV4 ? "A" : "AAAA";
    }

    private static String dashed(IpAddress ip) {
        return ip.toString().replaceAll("[.:]", "-");
    }

    private static String name(ServiceId id) {
        return id.name() + "." + id.namespace() + ".svc." + DOMAIN;
    }

    private void add(String owner, String type, String data) {
        zones.entrySet().stream()
                .filter(zone -> owner.equals(zone.getKey()) || owner.endsWith("." + zone.getKey()))
                .findFirst()
                .ifPresent(zone -> zone.getValue().add(owner + " " + type + " " + data));
    }

    private void add(Service service, List<EndpointSlice> slices) {
        String owner = name(service.id());
        if (service.type() == Service.Type.EXTERNAL_NAME) {
            add(owner, "CNAME", service.externalName().orElseThrow() + ".");
        } else if (!service.clusterIps().isEmpty()) {
            for (IpAddress ip : service.clusterIps()) {
                add(owner, type(ip), ip.toString());
                add(reverse(ip), "PTR", owner);
            }
            for (ServicePort port : service.ports()) {
                if (!port.name().isEmpty()) {
                    add(portName(port.name(), port.protocol()) + owner, "SRV", "0 100 " + port.port() + " " + owner);
                }
                // CoreDNS' extension: all ports at the service's own name.
                add(owner, "SRV", "0 " + 100 / service.ports().size() + " " + port.port() + " " + owner);
            }
        } else {
            headless(
                    service,
                    slices.stream()
                            .filter(slice -> slice.service().equals(service.id()))
                            .toList());
        }
    }

    private static String portName(String name, Protocol protocol) {
        return "_" + name + "._" + protocol.name().toLowerCase(Locale.ROOT) + ".";
    }

    private void headless(Service service, List<EndpointSlice> slices) {
        String owner = name(service.id());
        Map<String, Set<String>> targets = new TreeMap<>();
        for (EndpointSlice slice : slices) {
            for (EndpointSlice.Endpoint endpoint : slice.endpoints()) {
                if (!endpoint.ready() && !service.publishNotReadyAddresses()) {
                    continue;
                }
                IpAddress ip = endpoint.addresses().get(0);
                String name = endpoint.hostname().orElse(dashed(ip)) + "." + owner;
                add(owner, type(ip), ip.toString());
                add(name, type(ip), ip.toString());
                add(reverse(ip), "PTR", name);
                for (EndpointSlice.Port port : slice.ports()) {
                    targets.computeIfAbsent(portName(port.name(), port.protocol()), none -> new TreeSet<>())
                            .add(port.port().getAsInt() + " " + name);
                }
            }
        }
        int total = targets.values().stream().mapToInt(Set::size).sum();
        targets.forEach((port, ends) -> ends.forEach(end -> {
            add(port + owner, "SRV", "0 " + Math.max(1, 100 / ends.size()) + " " + end);
            add(owner, "SRV", "0 " + Math.max(1, 100 / total) + " " + end);
        }));
    }

    static String reverse(IpAddress ip) {
        StringBuilder name = new StringBuilder();
        byte[] octets = ip.toBytes();
        for (int i = octets.length - 1; i >= 0; i--) {
            if (octets.length == 4) {
                name.append(octets[i] & 0xff).append('.');
            } else {
                name.append(Integer.toHexString(octets[i] & 15)).append('.');
                name.append(Integer.toHexString((octets[i] >> 4) & 15)).append('.');
            }
        }
        return name + (octets.length == 4 ? "in-addr.arpa." : "ip6.arpa.");
    }

    Set<String> apexes() {
        return zones.keySet();
    }

    /** The text of a zone file. */
    String text(String apex) {
        return zones.get(apex).stream().collect(Collectors.joining("\n", "$TTL 5\n", "\n"));
    }

    /** All records of all zones. */
    List<String> records() {
        return zones.values().stream().flatMap(Set::stream).sorted().toList();
    }
}
