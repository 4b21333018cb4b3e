package io.podnet.examples.manifest;

import io.podnet.api.EndpointSlice;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.PodId;
import io.podnet.api.ServiceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Reads one {@code discovery.k8s.io/v1/EndpointSlice}, with Kubernetes' defaults. */
final class SliceReader {
    static final String SERVICE_NAME = "kubernetes.io/service-name";
    private static final int MAX_PORT = 65_535;
    private static final Set<String> READ =
            Set.of("apiVersion", "kind", "metadata", "addressType", "endpoints", "ports");

    private SliceReader() {}

    static SliceManifest read(Fields slice, Consumer<String> notes) {
        for (String field : slice.namesOutside(READ)) {
            notes.accept(slice.pathOf(field) + " is not used");
        }
        Fields metadata = slice.object("metadata").orElseThrow();
        String service = metadata.stringMap("labels").getOrDefault(SERVICE_NAME, "");
        if (service.isEmpty()) {
            throw metadata.error("labels", "must have " + SERVICE_NAME + ", the name of the service");
        }
        ServiceId id = metadata.checked(
                "labels", () -> new ServiceId(metadata.string("namespace").orElse("default"), service));
        IpFamily family = slice.oneOf("addressType", ServiceReader.FAMILIES)
                .orElseThrow(() -> slice.error("addressType", "is required: IPv4 or IPv6"));
        List<EndpointSlice.Endpoint> endpoints = slice.objects("endpoints").stream()
                .map(endpoint -> endpoint(endpoint, family, id))
                .toList();
        return new SliceManifest(
                slice.checked(
                        "endpoints",
                        () -> new EndpointSlice(metadata.requiredString("name"), id, family, endpoints, ports(slice))),
                CanonicalJson.write(slice.value()));
    }

    private static EndpointSlice.Endpoint endpoint(Fields endpoint, IpFamily family, ServiceId service) {
        List<IpAddress> addresses = new ArrayList<>();
        for (String text : endpoint.strings("addresses")) {
            IpAddress ip = endpoint.checked("addresses", () -> IpAddress.parse(text));
            if (ip.family() != family) {
                throw endpoint.error("addresses", ip + " is not of the slice's addressType");
            }
            addresses.add(ip);
        }
        Optional<Fields> conditions = endpoint.object("conditions");
        boolean ready = conditions.flatMap(fields -> fields.bool("ready")).orElse(true);
        return endpoint.checked(
                "addresses",
                () -> new EndpointSlice.Endpoint(
                        addresses,
                        ready,
                        conditions.flatMap(fields -> fields.bool("serving")).orElse(true),
                        conditions.flatMap(fields -> fields.bool("terminating")).orElse(false),
                        endpoint.string("hostname").filter(text -> !text.isEmpty()),
                        endpoint.string("nodeName").filter(text -> !text.isEmpty()),
                        endpoint.string("zone").filter(text -> !text.isEmpty()),
                        hints(endpoint, "forNodes"),
                        hints(endpoint, "forZones"),
                        target(endpoint, service)));
    }

    private static List<String> hints(Fields endpoint, String key) {
        return endpoint.object("hints").map(hints -> hints.objects(key)).orElse(List.of()).stream()
                .map(hint -> hint.requiredString("name"))
                .toList();
    }

    private static Optional<PodId> target(Fields endpoint, ServiceId service) {
        return endpoint.object("targetRef")
                .filter(ref -> ref.string("kind").orElse("").equals("Pod"))
                .map(ref -> ref.checked(
                        "name",
                        () -> new PodId(
                                ref.string("namespace").orElse(service.namespace()), ref.requiredString("name"))));
    }

    private static List<EndpointSlice.Port> ports(Fields slice) {
        List<EndpointSlice.Port> ports = new ArrayList<>();
        for (Fields port : slice.objects("ports")) {
            ports.add(new EndpointSlice.Port(
                    port.string("name").orElse(""), Protocols.of(port), port.integer("port", 1, MAX_PORT)));
        }
        return ports;
    }
}
