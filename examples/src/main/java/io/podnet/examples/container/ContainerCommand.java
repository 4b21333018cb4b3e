package io.podnet.examples.container;

import io.podnet.api.PodSpec;
import io.podnet.api.PodnetException;
import io.podnet.examples.manifest.ContainerManifest;
import io.podnet.examples.manifest.EnvVar;
import io.podnet.examples.manifest.Expansion;
import io.podnet.spi.PodSandbox;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Makes a container's command line and environment, as kubelet does, without an image. */
public final class ContainerCommand {
    /** The variable by which a container's processes are found again. */
    public static final String MARKER = "PODNET_CONTAINER";

    private static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final PodSpec pod;
    private final String nodeName;
    private final String clusterDomain;
    private final List<String> ips;
    private final Map<String, String> inherited;

    /**
     * Prepares the commands of a pod.
     *
     * @param pod the pod
     * @param nodeName the node's name
     * @param clusterDomain the cluster's domain
     * @param ips the pod's addresses
     * @param inherited the environment of the agent, of which PATH and HOME are passed on
     */
    public ContainerCommand(
            PodSpec pod, String nodeName, String clusterDomain, List<String> ips, Map<String, String> inherited) {
        this.pod = pod;
        this.nodeName = nodeName;
        this.clusterDomain = clusterDomain;
        this.ips = List.copyOf(ips);
        this.inherited = Map.copyOf(inherited);
    }

    /**
     * Makes a container's command. Source of the order: Kubernetes {@code pkg/kubelet/kubelet_pods.go}
     * (makeEnvironmentVariables): a value may refer to variables before it, command and arguments to all of them.
     *
     * @param container the container
     * @param marker the value of {@link #MARKER}
     * @param log the file for its output
     * @return the command
     */
    public PodSandbox.Command of(ContainerManifest container, String marker, Path log) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (EnvVar variable : container.env()) {
            variables.put(
                    variable.name(),
                    variable.fieldRef() ? field(variable.value()) : Expansion.expand(variable.value(), variables));
        }
        List<String> words = new ArrayList<>();
        container.command().forEach(word -> words.add(Expansion.expand(word, variables)));
        container.args().forEach(word -> words.add(Expansion.expand(word, variables)));
        Map<String, String> environment = new TreeMap<>();
        environment.put("PATH", inherited.getOrDefault("PATH", DEFAULT_PATH));
        environment.put("HOME", inherited.getOrDefault("HOME", "/"));
        environment.put("HOSTNAME", pod.nodename(clusterDomain));
        environment.putAll(variables);
        environment.put(MARKER, marker);
        return new PodSandbox.Command(words, environment, container.workingDir(), Optional.of(log));
    }

    private String field(String path) {
        return switch (path) {
            case "metadata.name" -> pod.id().name();
            case "metadata.namespace" -> pod.id().namespace();
            case "metadata.uid" -> pod.uid().orElse("");
            case "spec.nodeName" -> nodeName;
            case "status.podIP" -> ips.isEmpty() ? "" : ips.get(0);
            case "status.podIPs" -> String.join(",", ips);
            default -> keyed(path);
        };
    }

    private String keyed(String path) {
        int open = path.indexOf("['");
        if (open < 0) {
            throw new PodnetException.Invalid("field " + path + " is not known");
        }
        String key = path.substring(open + 2, path.length() - 2);
        Map<String, String> values = path.startsWith("metadata.labels") ? pod.labels() : pod.annotations();
        return values.getOrDefault(key, "");
    }
}
