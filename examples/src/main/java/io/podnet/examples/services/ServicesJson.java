package io.podnet.examples.services;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podnet.api.EndpointSlice;
import io.podnet.api.Service;
import io.podnet.api.ServicePort;
import io.podnet.examples.manifest.ServiceJson;
import io.podnet.examples.state.ServiceRecord;
import java.util.List;

/** Services as JSON for programs: an array, empty where there are none. */
final class ServicesJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ServicesJson() {}

    static String of(List<ServiceRecord> services) {
        ArrayNode all = JSON.createArrayNode();
        services.forEach(service -> write(service, all.addObject()));
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always written", e);
        }
    }

    private static void write(ServiceRecord record, ObjectNode node) {
        node.put("namespace", record.id().namespace()).put("name", record.id().name());
        node.put(
                "type",
                record.service()
                        .map(service -> ServiceJson.type(service.type()))
                        .orElse(""));
        texts(node, "clusterIps", record.service().map(Service::clusterIps).orElse(List.of()));
        texts(node, "externalIps", record.service().map(Service::externalIps).orElse(List.of()));
        texts(
                node,
                "loadBalancerIps",
                record.service().map(service -> service.loadBalancer().ingress()).orElse(List.of()).stream()
                        .map(Service.Ingress::ip)
                        .toList());
        ArrayNode ports = node.putArray("ports");
        record.service().map(Service::ports).orElse(List.of()).forEach(port -> write(port, ports.addObject()));
        ArrayNode endpoints = node.putArray("endpoints");
        for (EndpointSlice slice : record.endpointSlices()) {
            slice.endpoints().forEach(endpoint -> write(slice, endpoint, endpoints.addObject()));
        }
        node.put("programmed", record.programmed()).put("message", record.message());
    }

    private static void texts(ObjectNode node, String key, List<?> values) {
        ArrayNode array = node.putArray(key);
        values.forEach(value -> array.add(value.toString()));
    }

    private static void write(ServicePort port, ObjectNode node) {
        node.put("name", port.name()).put("protocol", port.protocol().name()).put("port", port.port());
        node.put("targetPort", port.targetPort());
        if (port.nodePort().isPresent()) {
            node.put("nodePort", port.nodePort().getAsInt());
        } else {
            node.putNull("nodePort");
        }
    }

    private static void write(EndpointSlice slice, EndpointSlice.Endpoint endpoint, ObjectNode node) {
        node.put("ip", endpoint.addresses().get(0).toString());
        ArrayNode ports = node.putArray("ports");
        for (EndpointSlice.Port port : slice.ports()) {
            port.port()
                    .ifPresent(number -> ports.addObject()
                            .put("name", port.name())
                            .put("protocol", port.protocol().name())
                            .put("port", number));
        }
        node.put("ready", endpoint.ready())
                .put("serving", endpoint.serving())
                .put("terminating", endpoint.terminating())
                .put("nodeName", endpoint.nodeName().orElse(""))
                .put("pod", endpoint.target().map(Object::toString).orElse(""));
    }
}
