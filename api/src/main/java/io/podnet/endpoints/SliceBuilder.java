package io.podnet.endpoints;

import io.podnet.api.EndpointSlice;
import io.podnet.api.IpFamily;
import io.podnet.api.Service;
import io.podnet.api.ServicePort;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Decides a service's slices: one for each family and each set of port numbers that its pods have. The rules are those
 * of Kubernetes, staging/src/k8s.io/endpointslice (utils.go: podToEndpoint, getEndpointPorts; util/controller_utils.go:
 * ShouldPodBeInEndpoints, ShouldSetHostname; trafficdist). A slice's name follows from what it is for, so that the same state
 * gives the same slices. It is split at 100 endpoints, as there, only where it is shared: that bounds the size of a store's
 * entry.
 */
final class SliceBuilder {
    private static final int DIGEST_BYTES = 5;

    private static final int SHARED_ENDPOINTS = 100;

    private final SelectedService selected;
    private final Service service;
    private final Optional<String> sharedBy;

    /** Makes slices for this node alone, or as one of several nodes that each make slices of their own pods. */
    SliceBuilder(SelectedService selected, Optional<String> sharedBy) {
        this.selected = selected;
        this.service = selected.service();
        this.sharedBy = sharedBy;
    }

    /** The slices over the pods that the service selects; each endpoint list is in the order of the pods' names. */
    List<EndpointSlice> slices(Collection<EndpointPod> pods) {
        List<EndpointPod> sorted = pods.stream()
                .filter(pod -> !pod.terminal())
                .sorted(Comparator.comparing(EndpointPod::id))
                .toList();
        List<EndpointSlice> slices = new ArrayList<>();
        for (IpFamily family : selected.families()) {
            Map<List<EndpointSlice.Port>, List<EndpointSlice.Endpoint>> byPorts = new LinkedHashMap<>();
            for (EndpointPod pod : sorted) {
                if (!pod.ips(family).isEmpty()) {
                    byPorts.computeIfAbsent(ports(pod), ports -> new ArrayList<>())
                            .add(endpoint(pod, family));
                }
            }
            byPorts.forEach((ports, endpoints) -> {
                int most = sharedBy.isPresent() ? SHARED_ENDPOINTS : endpoints.size();
                for (int from = 0; from < endpoints.size(); from += most) {
                    slices.add(new EndpointSlice(
                            name(family, ports) + (from == 0 ? "" : "-" + from / most),
                            service.id(),
                            family,
                            endpoints.subList(from, Math.min(endpoints.size(), from + most)),
                            ports));
                }
            });
        }
        return slices;
    }

    /** A port whose name the pod does not know is left out: the pod is no endpoint of that port. */
    private List<EndpointSlice.Port> ports(EndpointPod pod) {
        List<EndpointSlice.Port> ports = new ArrayList<>();
        for (ServicePort port : service.ports()) {
            OptionalInt number = pod.portOf(port);
            if (number.isPresent()) {
                ports.add(new EndpointSlice.Port(port.name(), port.protocol(), number));
            }
        }
        return ports;
    }

    private EndpointSlice.Endpoint endpoint(EndpointPod pod, IpFamily family) {
        boolean ready = service.publishNotReadyAddresses() || (pod.ready() && !pod.terminating());
        Optional<String> hostname = pod.spec()
                .hostname()
                .filter(name ->
                        pod.spec().subdomain().equals(Optional.of(service.id().name())));
        return new EndpointSlice.Endpoint(
                pod.ips(family),
                ready,
                pod.ready(),
                pod.terminating(),
                hostname,
                pod.nodeName(),
                pod.zone(),
                ready && preferring("PreferSameNode") ? pod.nodeName().stream().toList() : List.of(),
                ready && preferring("PreferClose", "PreferSameZone", "PreferSameNode")
                        ? pod.zone().stream().toList()
                        : List.of(),
                Optional.of(pod.id()));
    }

    private boolean preferring(String... distributions) {
        return service.trafficDistribution()
                .filter(wanted -> List.of(distributions).contains(wanted))
                .isPresent();
    }

    private String name(IpFamily family, List<EndpointSlice.Port> ports) {
        StringBuilder text = new StringBuilder(sharedBy.orElse(""));
        for (EndpointSlice.Port port : ports) {
            text.append(port.name())
                    .append('/')
                    .append(port.protocol())
                    .append('/')
                    .append(port.port().orElse(0))
                    .append(' ');
        }
        return service.id().name() + "-" + family.name().toLowerCase(Locale.ROOT) + "-" + digest(text.toString());
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }
}
