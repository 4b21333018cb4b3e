package io.podnet.dns.index;

import io.podnet.api.EndpointSlice;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Makes a headless service's records of its slices: endpoints by label, without duplicates, and their ports. */
final class HeadlessRecords {
    /** An endpoint: its addresses of both families. */
    private static final class Addresses {
        final TreeSet<byte[]> v4 = new TreeSet<>(Arrays::compareUnsigned);
        final TreeSet<byte[]> v6 = new TreeSet<>(Arrays::compareUnsigned);
        int index;
    }

    private record PortName(String name, io.podnet.api.Protocol protocol) {}

    @SuppressWarnings("ArrayRecordComponent") // Compared by its comparator alone.
    private record Target(byte[] label, int number) {
        static int compare(Target one, Target other) {
            int byLabel = Arrays.compare(one.label, other.label);
            return byLabel != 0 ? byLabel : Integer.compare(one.number, other.number);
        }
    }

    private final TreeMap<byte[], Addresses> endpoints = new TreeMap<>(Arrays::compare);
    private final Map<PortName, TreeSet<Target>> ports = new LinkedHashMap<>();

    private HeadlessRecords() {}

    /** Gives null where no endpoint counts: the name does not exist then (schema 1.1.0, section 2.4.1). */
    static @Nullable ServiceRecords of(ServiceKey key, List<SliceRecords> slices, boolean publishNotReady) {
        HeadlessRecords made = new HeadlessRecords();
        for (SliceRecords slice : slices) {
            for (int i = 0; i < slice.endpoints(); i++) {
                if (publishNotReady || slice.ready(i)) {
                    made.add(slice, i);
                }
            }
        }
        return made.endpoints.isEmpty() ? null : ServiceRecords.headless(key, made.columns(), made.portRecords());
    }

    private void add(SliceRecords slice, int endpoint) {
        byte[] label = slice.label(endpoint);
        Addresses addresses = endpoints.computeIfAbsent(label, none -> new Addresses());
        byte[] address = slice.address(endpoint);
        (address.length == 4 ? addresses.v4 : addresses.v6).add(address);
        for (EndpointSlice.Port port : slice.ports()) {
            if (port.port().isPresent()) {
                ports.computeIfAbsent(
                                new PortName(port.name(), port.protocol()), none -> new TreeSet<>(Target::compare))
                        .add(new Target(label, port.port().getAsInt()));
            }
        }
    }

    private ServiceRecords.EndpointColumns columns() {
        ByteArrayOutputStream labels = new ByteArrayOutputStream();
        ByteArrayOutputStream v4 = new ByteArrayOutputStream();
        ByteArrayOutputStream v6 = new ByteArrayOutputStream();
        int[] labelAt = new int[endpoints.size() + 1];
        int[] v4At = new int[endpoints.size() + 1];
        int[] v6At = new int[endpoints.size() + 1];
        int i = 0;
        for (Map.Entry<byte[], Addresses> endpoint : endpoints.entrySet()) {
            endpoint.getValue().index = i++;
            labels.writeBytes(endpoint.getKey());
            endpoint.getValue().v4.forEach(v4::writeBytes);
            endpoint.getValue().v6.forEach(v6::writeBytes);
            labelAt[i] = labels.size();
            v4At[i] = v4.size();
            v6At[i] = v6.size();
        }
        return new ServiceRecords.EndpointColumns(
                labels.toByteArray(), labelAt, ServiceDefinition.octets(v4), v4At, ServiceDefinition.octets(v6), v6At);
    }

    private List<PortRecords> portRecords() {
        List<PortRecords> records = new ArrayList<>();
        ports.forEach((name, targets) -> {
            int[] indexes = new int[targets.size()];
            int[] numbers = new int[targets.size()];
            int i = 0;
            for (Target target : targets) {
                Addresses addresses = endpoints.get(target.label);
                indexes[i] = addresses == null ? 0 : addresses.index;
                numbers[i++] = target.number;
            }
            records.add(PortRecords.ofEndpoints(
                    ServiceDefinition.portName(name.name(), name.protocol()), indexes, numbers));
        });
        return records;
    }
}
