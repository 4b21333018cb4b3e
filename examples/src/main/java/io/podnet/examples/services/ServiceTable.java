package io.podnet.examples.services;

import io.podnet.api.EndpointSlice;
import io.podnet.api.Service;
import io.podnet.api.ServicePort;
import io.podnet.examples.manifest.ServiceJson;
import io.podnet.examples.state.ServiceRecord;
import io.podnet.examples.table.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Services as text for people, in the manner of {@code kubectl get services}. */
final class ServiceTable {
    private static final List<String> HEAD =
            List.of("NAMESPACE", "NAME", "TYPE", "CLUSTER-IP", "EXTERNAL-IP", "PORT(S)", "ENDPOINTS", "PROGRAMMED");
    private static final int SHOWN = 3;

    private ServiceTable() {}

    static String of(List<ServiceRecord> services) {
        TextTable table = new TextTable(HEAD);
        for (ServiceRecord record : services) {
            table.row(
                    List.of(
                            record.id().namespace(),
                            record.id().name(),
                            record.service()
                                    .map(service -> ServiceJson.type(service.type()))
                                    .orElse("-"),
                            record.service().map(ServiceTable::clusterIps).orElse("-"),
                            record.service().map(ServiceTable::external).orElse("-"),
                            record.service().map(ServiceTable::ports).orElse("-"),
                            endpoints(record),
                            record.programmed() ? "yes" : "no"),
                    record.message());
        }
        return table.toString();
    }

    private static String clusterIps(Service service) {
        if (service.type() == Service.Type.EXTERNAL_NAME) {
            return "-";
        }
        return service.clusterIps().isEmpty() ? "None" : joined(service.clusterIps());
    }

    private static String external(Service service) {
        List<Object> all = new ArrayList<>(service.externalIps());
        service.loadBalancer().ingress().forEach(ingress -> all.add(ingress.ip()));
        service.externalName().ifPresent(all::add);
        return joined(all);
    }

    private static String ports(Service service) {
        return joined(service.ports().stream().map(ServiceTable::port).toList());
    }

    private static String port(ServicePort port) {
        return port.port()
                + (port.nodePort().isPresent() ? ":" + port.nodePort().getAsInt() : "") + "/" + port.protocol();
    }

    private static String endpoints(ServiceRecord record) {
        List<String> all = new ArrayList<>();
        for (EndpointSlice slice : record.endpointSlices()) {
            String ports = slice.ports().stream()
                    .filter(port -> port.port().isPresent())
                    .map(port -> Integer.toString(port.port().getAsInt()))
                    .distinct()
                    .collect(Collectors.joining(","));
            slice.endpoints().forEach(endpoint -> all.add(endpoint(endpoint, ports)));
        }
        return all.size() <= SHOWN ? joined(all) : joined(all.subList(0, SHOWN)) + "+" + (all.size() - SHOWN) + " more";
    }

    private static String endpoint(EndpointSlice.Endpoint endpoint, String ports) {
        String ip = endpoint.addresses().get(0).toString();
        String state = endpoint.terminating() ? "(terminating)" : endpoint.ready() ? "" : "(not ready)";
        return (ip.contains(":") ? "[" + ip + "]" : ip) + (ports.isEmpty() ? "" : ":" + ports) + state;
    }

    private static String joined(List<?> values) {
        return values.isEmpty() ? "-" : values.stream().map(Object::toString).collect(Collectors.joining(","));
    }
}
