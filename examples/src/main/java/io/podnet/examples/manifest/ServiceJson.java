package io.podnet.examples.manifest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podnet.api.EndpointSlice;
import io.podnet.api.IpFamily;
import io.podnet.api.Service;
import io.podnet.api.ServicePort;
import java.util.List;
import java.util.Map;

/** Services and their endpoints as Kubernetes would write them; {@link ManifestReader} reads them again. */
public final class ServiceJson {
    private ServiceJson() {}

    /**
     * Writes a service.
     *
     * @param service the service, with the addresses and ports that it got
     * @return a {@code v1/Service}
     */
    public static ObjectNode of(Service service) {
        ObjectNode root =
                object("v1", "Service", service.id().namespace(), service.id().name());
        ObjectNode metadata = (ObjectNode) root.get("metadata");
        put(metadata, "labels", service.labels());
        put(metadata, "annotations", service.annotations());
        ObjectNode spec = root.putObject("spec");
        spec.put("type", type(service.type()));
        put(spec, "selector", service.selector());
        boolean headless = service.clusterIps().isEmpty() && service.type() != Service.Type.EXTERNAL_NAME;
        if (headless) {
            spec.put("clusterIP", "None");
        } else if (!service.clusterIps().isEmpty()) {
            put(spec, "clusterIPs", service.clusterIps());
            put(
                    spec,
                    "ipFamilies",
                    service.clusterIps().stream().map(ip -> family(ip.family())).toList());
            spec.put("ipFamilyPolicy", service.clusterIps().size() > 1 ? "RequireDualStack" : "SingleStack");
        }
        ArrayNode ports = spec.putArray("ports");
        service.ports().forEach(port -> put(ports.addObject(), port));
        put(spec, "externalIPs", service.externalIps());
        service.externalName().ifPresent(name -> spec.put("externalName", name));
        service.sessionAffinityTimeoutSeconds().ifPresent(seconds -> {
            spec.put("sessionAffinity", "ClientIP");
            spec.putObject("sessionAffinityConfig").putObject("clientIP").put("timeoutSeconds", seconds);
        });
        spec.put("internalTrafficPolicy", policy(service.internalTrafficPolicy()));
        spec.put("externalTrafficPolicy", policy(service.externalTrafficPolicy()));
        service.trafficDistribution().ifPresent(text -> spec.put("trafficDistribution", text));
        spec.put("publishNotReadyAddresses", service.publishNotReadyAddresses());
        put(spec, "loadBalancerSourceRanges", service.loadBalancer().sourceRanges());
        service.loadBalancer().healthCheckNodePort().ifPresent(port -> spec.put("healthCheckNodePort", port));
        ArrayNode ingress = JsonNodeFactory.instance.arrayNode();
        service.loadBalancer()
                .ingress()
                .forEach(entry -> ingress.addObject()
                        .put("ip", entry.ip().toString())
                        .put("ipMode", entry.proxied() ? "Proxy" : "VIP"));
        if (!ingress.isEmpty()) {
            root.putObject("status").putObject("loadBalancer").set("ingress", ingress);
        }
        return root;
    }

    /**
     * Writes endpoints.
     *
     * @param slice the slice
     * @return a {@code discovery.k8s.io/v1/EndpointSlice}
     */
    public static ObjectNode of(EndpointSlice slice) {
        ObjectNode root =
                object("discovery.k8s.io/v1", "EndpointSlice", slice.service().namespace(), slice.name());
        put(
                (ObjectNode) root.get("metadata"),
                "labels",
                Map.of(SliceReader.SERVICE_NAME, slice.service().name()));
        root.put("addressType", family(slice.addressType()));
        ArrayNode endpoints = root.putArray("endpoints");
        slice.endpoints().forEach(endpoint -> put(endpoints.addObject(), endpoint));
        ArrayNode ports = root.putArray("ports");
        slice.ports().forEach(port -> {
            ObjectNode node = ports.addObject()
                    .put("name", port.name())
                    .put("protocol", port.protocol().name());
            port.port().ifPresent(number -> node.put("port", number));
        });
        return root;
    }

    /**
     * Spells a type.
     *
     * @param type the type
     * @return for example {@code ClusterIP}
     */
    public static String type(Service.Type type) {
        return switch (type) {
            case CLUSTER_IP -> "ClusterIP";
            case NODE_PORT -> "NodePort";
            case LOAD_BALANCER -> "LoadBalancer";
            case EXTERNAL_NAME -> "ExternalName";
        };
    }

    private static String policy(Service.TrafficPolicy policy) {
        return policy == Service.TrafficPolicy.LOCAL ? "Local" : "Cluster";
    }

    private static String family(IpFamily family) {
        return family == IpFamily.IPV4 ? "IPv4" : "IPv6";
    }

    private static ObjectNode object(String apiVersion, String kind, String namespace, String name) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("apiVersion", apiVersion).put("kind", kind);
        root.putObject("metadata").put("namespace", namespace).put("name", name);
        return root;
    }

    private static void put(ObjectNode node, ServicePort port) {
        node.put("name", port.name()).put("protocol", port.protocol().name()).put("port", port.port());
        if (port.targetPort().chars().allMatch(Character::isDigit)) {
            node.put("targetPort", Integer.parseInt(port.targetPort()));
        } else {
            node.put("targetPort", port.targetPort());
        }
        port.nodePort().ifPresent(number -> node.put("nodePort", number));
        port.appProtocol().ifPresent(text -> node.put("appProtocol", text));
    }

    private static void put(ObjectNode node, EndpointSlice.Endpoint endpoint) {
        put(node, "addresses", endpoint.addresses());
        node.putObject("conditions")
                .put("ready", endpoint.ready())
                .put("serving", endpoint.serving())
                .put("terminating", endpoint.terminating());
        endpoint.hostname().ifPresent(text -> node.put("hostname", text));
        endpoint.nodeName().ifPresent(text -> node.put("nodeName", text));
        endpoint.zone().ifPresent(text -> node.put("zone", text));
        if (!endpoint.hintNodes().isEmpty() || !endpoint.hintZones().isEmpty()) {
            ObjectNode hints = node.putObject("hints");
            hints(hints, "forNodes", endpoint.hintNodes());
            hints(hints, "forZones", endpoint.hintZones());
        }
        endpoint.target()
                .ifPresent(pod -> node.putObject("targetRef")
                        .put("kind", "Pod")
                        .put("namespace", pod.namespace())
                        .put("name", pod.name()));
    }

    private static void hints(ObjectNode node, String key, List<String> names) {
        if (!names.isEmpty()) {
            ArrayNode hints = node.putArray(key);
            names.forEach(name -> hints.addObject().put("name", name));
        }
    }

    private static void put(ObjectNode node, String key, Map<String, String> map) {
        if (!map.isEmpty()) {
            ObjectNode child = node.putObject(key);
            map.forEach(child::put);
        }
    }

    private static void put(ObjectNode node, String key, List<?> values) {
        if (!values.isEmpty()) {
            ArrayNode child = node.putArray(key);
            values.forEach(value -> child.add(value.toString()));
        }
    }
}
