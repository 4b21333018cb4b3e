package io.podnet.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.podnet.api.Podnet;
import io.podnet.api.PodnetBuilder;
import io.podnet.api.PodnetException;
import io.podnet.examples.container.ProcFs;
import io.podnet.examples.state.NodeStates;
import io.podnet.spi.PodSandbox;
import io.podnet.spi.Providers;
import io.podnet.spi.SandboxProvider;
import io.podnet.spi.Sandboxes;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A node in a network namespace of its own, with agents as child JVMs; all of it goes with {@link #close}. */
final class TestNode implements AutoCloseable {
    /** What a command said. */
    record Outcome(int code, String out, String err) {}

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String RUN = "PODNET_TEST_RUN";

    private final Path work;
    private final Sandboxes sandboxes;
    private final Sandboxes.Pins pins;
    private final PodSandbox node;
    private final List<Process> agents = new ArrayList<>();
    private final String run = UUID.randomUUID().toString();
    private final ProcFs processes = new ProcFs();
    private String podCidr = "10.244.1.0/24";

    private TestNode(Path work, Sandboxes sandboxes, Sandboxes.Pins pins, PodSandbox node) {
        this.work = work;
        this.sandboxes = sandboxes;
        this.pins = pins;
        this.node = node;
    }

    static TestNode create() throws IOException {
        Path work = Files.createTempDirectory("podnet-agent-test-").toRealPath();
        Files.createDirectories(work.resolve("manifests"));
        Sandboxes sandboxes = Providers.discover(SandboxProvider.class, TestNode.class.getClassLoader())
                .get("linux")
                .create();
        Sandboxes.Pins pins = new Sandboxes.Pins(work.resolve("netns/node"), work.resolve("node"), "node-a");
        return new TestNode(work, sandboxes, pins, sandboxes.create(pins));
    }

    void podCidr(String cidr) {
        podCidr = cidr;
    }

    Path state() {
        return work.resolve("state");
    }

    Path manifests() {
        return work.resolve("manifests");
    }

    String namespacePath() {
        return node.network().path().toString();
    }

    /** Writes a manifest the way careful people do: aside, then moved into place. */
    void manifest(String file, String text) throws IOException {
        Path temporary = Files.writeString(work.resolve("manifest.tmp"), text);
        Files.move(temporary, manifests().resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }

    void removeManifest(String file) throws IOException {
        Files.deleteIfExists(manifests().resolve(file));
    }

    /** A pod with one container that sleeps; the version and the test are in its environment. */
    String sleeper(String name, String version) {
        return "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name + "}\nspec:\n  terminationGracePeriodSeconds: 5\n"
                + "  containers:\n    - name: c\n      command: [sleep, '100000']\n      env:\n"
                + "        - {name: " + RUN + ", value: " + run + "}\n"
                + "        - {name: POD, value: " + name + "}\n"
                + "        - {name: VERSION, value: '" + version + "'}\n---\n";
    }

    /** A pod with a label, one container that runs a program, and a named port. */
    String program(String name, String app, List<String> command, String portName, int port) throws IOException {
        return "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name + ", labels: {app: " + app + "}}\nspec:\n"
                + "  terminationGracePeriodSeconds: 5\n  containers:\n    - name: c\n      command: "
                + new ObjectMapper().writeValueAsString(command) + "\n      env:\n"
                + "        - {name: " + RUN + ", value: " + run + "}\n"
                + "        - {name: POD, value: " + name + "}\n"
                + "      ports: [{name: " + portName + ", containerPort: " + port + "}]\n---\n";
    }

    /** Versions of the sleepers that run, by pod; more than one process of a pod are told apart by a comma. */
    Map<String, String> sleepers() {
        Map<String, String> found = new TreeMap<>();
        processes.all().stream()
                .filter(process -> processes.variable(process.pid(), RUN).equals(Optional.of(run)))
                .forEach(process -> found.merge(
                        processes.variable(process.pid(), "POD").orElse("?"),
                        processes.variable(process.pid(), "VERSION").orElse("?"),
                        (one, other) -> one + "," + other));
        return found;
    }

    /** Pids of the sleepers, by pod. */
    Map<String, Long> pids() {
        Map<String, Long> found = new TreeMap<>();
        processes.all().stream()
                .filter(process -> processes.variable(process.pid(), RUN).equals(Optional.of(run)))
                .forEach(process ->
                        found.put(processes.variable(process.pid(), "POD").orElse("?"), process.pid()));
        return found;
    }

    private List<String> java() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m"));
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.podnet.examples.Main"));
        return command;
    }

    private List<String> agentArguments(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "agent",
                "--manifests",
                manifests().toString(),
                "--state",
                state().toString(),
                "--netns-dir",
                work.resolve("netns").toString(),
                "--node-name",
                "node-a",
                "--pod-cidr",
                podCidr,
                "--resync",
                "1"));
        arguments.addAll(List.of(more));
        return arguments;
    }

    /** Starts an agent for this node. */
    Process agent(String... more) throws IOException {
        List<String> command = java();
        command.addAll(agentArguments("--node-namespace", namespacePath()));
        command.addAll(List.of(more));
        return start(command);
    }

    /** Starts another of the commands. */
    Process command(String... arguments) throws IOException {
        List<String> command = java();
        command.addAll(List.of(arguments));
        return start(command);
    }

    /** Starts a cluster, whose nodes have namespaces of their own and whose store is looked for from this node. */
    Process cluster(int nodes, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of("nsenter", "--net=" + namespacePath()));
        command.addAll(java());
        command.addAll(List.of(
                "cluster",
                "--nodes",
                Integer.toString(nodes),
                "--manifests",
                manifests().toString(),
                "--state",
                state().toString(),
                "--resync",
                "1"));
        command.addAll(List.of(more));
        return start(command);
    }

    /** Starts a program on the node, which ends with it. */
    Process background(String... command) throws IOException {
        List<String> all = new ArrayList<>(List.of("nsenter", "--net=" + namespacePath()));
        all.addAll(List.of(command));
        return start(all);
    }

    private Process start(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
        agents.add(process);
        return process;
    }

    /** Where the test's files are. */
    Path work() {
        return work;
    }

    /** Runs a program of this machine that may fail. */
    Outcome program(List<String> command) throws IOException, InterruptedException {
        return run(command);
    }

    /** Runs an agent that is expected to end by itself; its namespace is the node's, behind a prefix. */
    Outcome agentInside(List<String> prefix, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("nsenter", "--net=" + namespacePath()));
        command.addAll(prefix);
        command.addAll(java());
        command.addAll(agentArguments(more));
        return run(command);
    }

    /** Runs one of the commands on the node, in another environment. */
    Outcome commandInside(Map<String, String> environment, String command, String... arguments)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("nsenter", "--net=" + namespacePath(), "env", "-i"));
        environment.forEach((name, value) -> all.add(name + "=" + value));
        all.addAll(java());
        all.add(command);
        all.addAll(List.of(arguments));
        return run(all);
    }

    /** Runs a program on the node. */
    String onNode(String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("nsenter", "--net=" + namespacePath()));
        all.addAll(List.of(command));
        Outcome outcome = run(all);
        if (outcome.code() != 0) {
            throw new IllegalStateException(all + ": " + outcome);
        }
        return outcome.out();
    }

    /** Runs a program on the node that may fail. */
    Outcome tryOnNode(String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("nsenter", "--net=" + namespacePath()));
        all.addAll(List.of(command));
        return run(all);
    }

    /** Runs a program in a pod's network that may fail. */
    Outcome tryInPod(String pod, String... command) throws IOException, InterruptedException {
        JsonNode found = pods().get(pod);
        if (found == null) {
            throw new IllegalStateException("no pod " + pod);
        }
        List<String> all = new ArrayList<>(
                List.of("nsenter", "--net=" + found.path("netns").asText()));
        all.addAll(List.of(command));
        return run(all);
    }

    /** Runs a program where a pod's container runs, with the pod's files, that may fail. */
    Outcome tryInContainer(String pod, String... command) throws IOException, InterruptedException {
        Long pid = pids().get(pod);
        if (pid == null) {
            throw new IllegalStateException("pod " + pod + " has no process");
        }
        List<String> all = new ArrayList<>(List.of("nsenter", "--target=" + pid, "--net", "--mount", "--uts"));
        all.addAll(List.of(command));
        return run(all);
    }

    private Outcome run(List<String> command) throws IOException, InterruptedException {
        Path out = work.resolve("out.txt");
        Path err = work.resolve("err.txt");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException(command + " does not end: " + Files.readString(err));
        }
        return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    Path log() {
        return work.resolve("agent.log");
    }

    /** Whether an agent, or one of a cluster's, has begun to write down what it does. */
    private boolean hasStarted() {
        try {
            return !NodeStates.in(state()).isEmpty();
        } catch (PodnetException.NotFound notYet) {
            return false;
        }
    }

    /** What the {@code pods} command says, by pod name. */
    Map<String, JsonNode> pods() {
        return hasStarted() ? byName(json("pods", "--state", state().toString(), "-o", "json")) : Map.of();
    }

    /** What the {@code services} command says, by service name. */
    Map<String, JsonNode> services() {
        return hasStarted() ? byName(json("services", "--state", state().toString(), "-o", "json")) : Map.of();
    }

    /** What the {@code explain} command says. */
    JsonNode explain(String from, String to) {
        return json("explain", "--state", state().toString(), "--from", from, "--to", to, "-o", "json");
    }

    private static Map<String, JsonNode> byName(JsonNode array) {
        Map<String, JsonNode> objects = new TreeMap<>();
        array.forEach(object -> objects.put(object.path("name").asText(), object));
        return objects;
    }

    private static JsonNode json(String... command) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(command);
        if (code != 0) {
            throw new IllegalStateException(List.of(command) + ": " + err);
        }
        try {
            return new ObjectMapper().readTree(out.toString());
        } catch (IOException e) {
            throw new IllegalStateException(List.of(command) + ": " + out, e);
        }
    }

    /** How many lines of the agents' log have a text in them. */
    long logLines(String text) {
        try (Stream<String> lines = Files.lines(log())) {
            return lines.filter(line -> line.contains(text)).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String phase(String pod) {
        JsonNode found = pods().get(pod);
        return found == null ? "absent" : found.path("phase").asText();
    }

    String message(String pod) {
        JsonNode found = pods().get(pod);
        return found == null ? "" : found.path("message").asText();
    }

    /** Waits, bounded, and shows the agents' log where it is in vain. */
    void await(String what, BooleanSupplier condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not in time: " + what + "\npods " + pods() + "\nservices " + services()
                        + "\nprocesses " + sleepers() + "\n" + Files.readString(log(), StandardCharsets.UTF_8));
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** The node's own facade, for a test that has no agent running. */
    PodnetBuilder podnet() {
        return Podnet.builder()
                .nodeName("node-a")
                .podCidr(podCidr)
                .stateDirectory(state())
                .netnsDirectory(work.resolve("netns"))
                .nodeNamespace(node.network().path());
    }

    /** The pins of pods' namespaces. */
    List<String> podPins() throws IOException {
        try (Stream<Path> files = Files.list(work.resolve("netns"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("podnet-"))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        for (Process agent : agents) {
            agent.destroyForcibly().waitFor();
        }
        for (long pid : pids().values()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
        try {
            // A cluster's pods go with their namespaces' pins.
            if (Files.isDirectory(state()) && !Files.isDirectory(state().resolve("nodes"))) {
                removePods();
            }
        } finally {
            removeNode();
        }
    }

    private void removePods() {
        try (Podnet podnet = podnet().start()) {
            podnet.pods()
                    .forEach(pod -> pod.sandbox()
                            .processes()
                            .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly)));
            podnet.removeAll();
        }
    }

    private void removeNode() throws IOException, InterruptedException {
        long inode = node.network().inode();
        node.close();
        sandboxes.remove(pins, inode);
        sandboxes.close();
        List<String> mounts = Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .map(line -> line.split(" ", -1)[4])
                .filter(point -> Path.of(point).startsWith(work))
                .sorted(Comparator.reverseOrder())
                .toList();
        for (String mount : mounts) {
            run(List.of("umount", mount));
        }
        try (Stream<Path> files = Files.walk(work)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
