package io.podnet.examples.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podnet.api.EndpointSlice;
import io.podnet.api.Service;
import io.podnet.api.ServiceId;
import io.podnet.examples.manifest.FileContent;
import io.podnet.examples.manifest.ManifestReader;
import io.podnet.examples.manifest.ObjectKey;
import io.podnet.examples.manifest.ServiceJson;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The services as files, each with its service and endpoints as Kubernetes would write them. A file that cannot be
 * understood counts as absent. Writing is for the agent's one thread.
 */
public final class ServiceStore {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceStore.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final AgentFiles files;
    private final Map<ServiceId, ServiceRecord> written = new HashMap<>();

    /**
     * Opens a node's services; nothing is made before the first write.
     *
     * @param stateDirectory the node's state directory
     */
    public ServiceStore(Path stateDirectory) {
        this.files = new AgentFiles(AgentFiles.root(stateDirectory).resolve("services"));
    }

    /**
     * Makes the files say what is now. Files that say it already are not written again.
     *
     * @param services all services
     */
    public void replace(List<ServiceRecord> services) {
        Map<ServiceId, ServiceRecord> now = new HashMap<>();
        for (ServiceRecord service : services) {
            now.put(service.id(), service);
            if (!service.equals(written.get(service.id()))) {
                files.write(AgentFiles.nameOf(ObjectKey.of(service.id())), text(service));
            }
        }
        for (String name : files.names()) {
            if (now.keySet().stream().map(ObjectKey::of).map(AgentFiles::nameOf).noneMatch(name::equals)) {
                files.remove(name);
            }
        }
        written.clear();
        written.putAll(now);
    }

    private static String text(ServiceRecord service) {
        ObjectNode root = JSON.createObjectNode();
        root.put("namespace", service.id().namespace()).put("name", service.id().name());
        service.service().ifPresent(there -> root.set("service", ServiceJson.of(there)));
        ArrayNode slices = root.putArray("endpointSlices");
        service.endpointSlices().forEach(slice -> slices.add(ServiceJson.of(slice)));
        root.put("programmed", service.programmed()).put("message", service.message());
        return root.toString();
    }

    /**
     * Reads all.
     *
     * @return the services, by name
     */
    public List<ServiceRecord> list() {
        List<ServiceRecord> services = new ArrayList<>();
        for (String name : files.names()) {
            files.read(name).flatMap(text -> parse(name, text)).ifPresent(services::add);
        }
        services.sort(Comparator.comparing(ServiceRecord::id));
        return services;
    }

    private static Optional<ServiceRecord> parse(String name, String text) {
        try {
            JsonNode root = JSON.readTree(text);
            List<Service> service = new ArrayList<>();
            if (root.has("service")) {
                FileContent content =
                        ManifestReader.read(name, root.path("service").toString());
                content.services()
                        .forEach(manifest -> service.add(manifest.spec().service()));
            }
            List<EndpointSlice> slices = new ArrayList<>();
            root.path("endpointSlices")
                    .forEach(slice -> ManifestReader.read(name, slice.toString())
                            .slices()
                            .forEach(manifest -> slices.add(manifest.slice())));
            return Optional.of(new ServiceRecord(
                    new ServiceId(
                            root.path("namespace").asText(), root.path("name").asText()),
                    service.stream().findFirst(),
                    slices,
                    root.path("programmed").asBoolean(),
                    root.path("message").asText()));
        } catch (JsonProcessingException | RuntimeException e) {
            LOG.warn("service file {} is damaged and not used: {}", name, e.toString());
            return Optional.empty();
        }
    }
}
