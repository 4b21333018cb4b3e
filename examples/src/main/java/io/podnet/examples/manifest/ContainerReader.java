package io.podnet.examples.manifest;

import io.podnet.api.ContainerPort;
import io.podnet.api.HostPort;
import io.podnet.api.IpAddress;
import io.podnet.api.Names;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Reads {@code spec.containers} and the host ports in it. */
final class ContainerReader {
    private static final int MAX_PORT = 65535;
    private static final Set<String> READ =
            Set.of("name", "command", "args", "env", "envFrom", "ports", "workingDir", "image", "imagePullPolicy");
    // Fields of Kubernetes' Container that a process of the host's file system has no use for.
    private static final Set<String> OF_NO_USE = Set.of(
            "resources",
            "resizePolicy",
            "securityContext",
            "terminationMessagePath",
            "terminationMessagePolicy",
            "stdin",
            "stdinOnce",
            "tty");
    /** Fields of the pod that an environment variable can have, as in Kubernetes' downward API. */
    static final Set<String> FIELD_REFS = Set.of(
            "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "status.podIP", "status.podIPs");

    private ContainerReader() {}

    static List<ContainerManifest> containers(Fields spec, Consumer<String> notes) {
        List<ContainerManifest> containers = new ArrayList<>();
        for (Fields container : spec.objects("containers")) {
            ContainerManifest read = container(container);
            if (containers.stream().anyMatch(other -> other.name().equals(read.name()))) {
                throw container.error("name", "'" + read.name() + "' is there twice; rename one");
            }
            containers.add(read);
            if (!read.runs()) {
                notes.accept(container.pathOf("command") + " is absent, so no process is started: images are not run");
            }
            for (String field : container.namesOutside(READ)) {
                if (!OF_NO_USE.contains(field)) {
                    notes.accept(container.pathOf(field) + " is not used");
                }
            }
        }
        return containers;
    }

    private static ContainerManifest container(Fields container) {
        String name = container.requiredString("name");
        container.checked("name", () -> Names.dnsLabel("container name", name));
        if (container.has("envFrom")) {
            throw container.error("envFrom", "is not supported; list the variables in env");
        }
        List<String> command = container.strings("command");
        if (!command.isEmpty() && command.get(0).isEmpty()) {
            throw container.error("command", "needs a program");
        }
        List<String> args = container.strings("args");
        for (String word : command) {
            requireNoNul(container, "command", word);
        }
        for (String word : args) {
            requireNoNul(container, "args", word);
        }
        return new ContainerManifest(
                name,
                command,
                args,
                env(container),
                container.string("workingDir").filter(text -> !text.isEmpty()).map(text -> absolute(container, text)));
    }

    private static void requireNoNul(Fields container, String key, String text) {
        if (text.indexOf('\0') >= 0) {
            throw container.error(key, "must not contain NUL characters");
        }
    }

    private static Path absolute(Fields container, String text) {
        requireNoNul(container, "workingDir", text);
        Path path = Path.of(text);
        if (!path.isAbsolute()) {
            throw container.error("workingDir", "'" + text + "' is not an absolute path");
        }
        return path;
    }

    private static List<EnvVar> env(Fields container) {
        List<EnvVar> env = new ArrayList<>();
        for (Fields variable : container.objects("env")) {
            String name = variable.requiredString("name");
            if (name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
                throw variable.error("name", "must not contain '=' or NUL");
            }
            if (variable.has("valueFrom")) {
                env.add(new EnvVar(name, fieldRef(variable), true));
            } else {
                String value = variable.string("value").orElse("");
                requireNoNul(variable, "value", value);
                env.add(new EnvVar(name, value, false));
            }
        }
        return env;
    }

    private static String fieldRef(Fields variable) {
        if (variable.has("value")) {
            throw variable.error("valueFrom", "cannot be used together with value");
        }
        Fields from = variable.object("valueFrom").orElseThrow();
        Fields ref = from.object("fieldRef")
                .orElseThrow(() -> variable.error("valueFrom", "only fieldRef is supported; write the value out"));
        String path = ref.requiredString("fieldPath");
        if (!FIELD_REFS.contains(path) && !path.matches("metadata\\.(labels|annotations)\\['[^']+'\\]")) {
            throw ref.error(
                    "fieldPath",
                    "'" + path + "' is not one of "
                            + String.join(", ", FIELD_REFS.stream().sorted().toList())
                            + ", metadata.labels['KEY'], metadata.annotations['KEY']");
        }
        return path;
    }

    static List<HostPort> hostPorts(Fields spec) {
        List<HostPort> hostPorts = new ArrayList<>();
        for (Fields port : ports(spec)) {
            int hostPort = port.integer("hostPort", 0, MAX_PORT).orElse(0);
            var hostIp = port.parsed("hostIP", IpAddress::parse);
            if (hostPort != 0) {
                hostPorts.add(new HostPort(hostIp, hostPort, number(port), Protocols.of(port)));
            }
        }
        return hostPorts;
    }

    static List<ContainerPort> containerPorts(Fields spec) {
        List<ContainerPort> ports = new ArrayList<>();
        for (Fields port : ports(spec)) {
            String name = port.string("name").orElse("");
            ContainerPort read = port.checked("name", () -> new ContainerPort(name, number(port), Protocols.of(port)));
            ports.add(read);
        }
        return ports;
    }

    private static List<Fields> ports(Fields spec) {
        return spec.objects("containers").stream()
                .flatMap(container -> container.objects("ports").stream())
                .toList();
    }

    private static int number(Fields port) {
        return port.integer("containerPort", 1, MAX_PORT).orElseThrow(() -> port.error("containerPort", "is required"));
    }
}
