package io.podnet.api;

import io.podnet.allocation.Allocation;
import io.podnet.allocation.Allocation.PortKey;
import io.podnet.allocation.AllocationStore;
import io.podnet.record.RecordKeys;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Allocations as files, one for each service. For one thread at a time. */
final class FileAllocationStore implements AllocationStore {
    private static final String VERSION = "1";
    // In neither part's grammar.
    private static final char SEPARATOR = '@';
    private static final String NODE_PORT = "nodePort.";

    private final RecordFiles files;

    private FileAllocationStore(RecordFiles files) {
        this.files = files;
    }

    /** Opens the store for its only writer. */
    static FileAllocationStore open(Path directory) {
        return new FileAllocationStore(RecordFiles.open(directory));
    }

    private static String name(ServiceId service) {
        return service.namespace() + SEPARATOR + service.name();
    }

    @Override
    public void write(Allocation allocation) {
        Map<String, String> keys = new TreeMap<>();
        keys.put("version", VERSION);
        keys.put("namespace", allocation.service().namespace());
        keys.put("name", allocation.service().name());
        keys.put("clusterIps", RecordKeys.join(allocation.clusterIps()));
        allocation
                .nodePorts()
                .forEach((port, number) ->
                        keys.put(NODE_PORT + port.port() + "/" + port.protocol(), Integer.toString(number)));
        allocation.healthCheckNodePort().ifPresent(number -> keys.put("healthCheckNodePort", Integer.toString(number)));
        files.replace(name(allocation.service()), RecordKeys.write(keys));
    }

    @Override
    public List<Allocation> list() {
        List<Allocation> allocations = new ArrayList<>();
        for (String name : files.names().stream().sorted().toList()) {
            files.read(name).map(text -> read(files.file(name), text)).ifPresent(allocations::add);
        }
        return allocations;
    }

    private static Allocation read(Path file, String text) {
        RecordKeys keys = RecordKeys.whole("record " + file, text);
        keys.requireVersion(VERSION);
        try {
            Map<PortKey, Integer> nodePorts = new LinkedHashMap<>();
            keys.prefixed(NODE_PORT).forEach((port, number) -> nodePorts.put(port(port), Integer.valueOf(number)));
            String healthCheck = keys.find("healthCheckNodePort");
            return new Allocation(
                    new ServiceId(keys.get("namespace"), keys.get("name")),
                    RecordKeys.words(keys.get("clusterIps")).stream()
                            .map(IpAddress::parse)
                            .toList(),
                    nodePorts,
                    healthCheck == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(healthCheck)));
        } catch (RuntimeException e) {
            throw keys.damaged(e);
        }
    }

    private static PortKey port(String text) {
        String[] parts = text.split("/", 2);
        return new PortKey(Protocol.valueOf(parts[1]), Integer.parseInt(parts[0]));
    }

    @Override
    public void remove(ServiceId service) {
        files.remove(name(service));
    }
}
