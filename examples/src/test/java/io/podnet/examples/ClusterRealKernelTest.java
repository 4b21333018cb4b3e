package io.podnet.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The command cluster as a child JVM, with pods, services and names across nodes, on real packets and a real etcd. */
class ClusterRealKernelTest {
    private static final int NODES = 3;
    private static final long OUTAGE_SECONDS = Long.getLong("podnet.cluster.outage.seconds", 3);
    private static final String SERVER = "import os, socket\n"
            + "server = socket.create_server(('', 8080))\n"
            + "while True:\n"
            + "    peer, address = server.accept()\n"
            + "    peer.sendall((os.environ['POD'] + ' ' + address[0]).encode())\n"
            + "    peer.close()\n";
    private static final String CLIENT = "import socket, sys\n"
            + "for i in range(int(sys.argv[3])):\n"
            + "    peer = socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=5)\n"
            + "    print(peer.recv(100).decode())\n"
            + "    peer.close()\n";
    private static final String SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n"
            + "  selector: {app: web}\n  ports: [{name: http, port: 80, targetPort: http}]\n";

    private TestNode node = null;

    @BeforeEach
    void makeNode() throws IOException {
        node = TestNode.create();
    }

    @AfterEach
    void removeNode() throws IOException, InterruptedException {
        node.close();
    }

    private void pod(String name, String on) throws IOException {
        String text = node.program(name, "web", List.of("python3", "-c", SERVER), "http", 8080);
        node.manifest(name + ".yaml", on.isEmpty() ? text : text.replace("spec:\n", "spec:\n  nodeName: " + on + "\n"));
    }

    private boolean running(int pods) {
        Map<String, JsonNode> there = node.pods();
        return there.size() == pods
                && node.pids().size() == pods
                && there.values().stream()
                        .allMatch(pod -> pod.path("phase").asText().equals("Running"));
    }

    private boolean programmed(int endpoints) {
        JsonNode web = node.services().get("web");
        if (web == null || !web.path("programmed").asBoolean()) {
            return false;
        }
        int ready = 0;
        for (JsonNode endpoint : web.path("endpoints")) {
            ready += endpoint.path("ready").asBoolean() ? 1 : 0;
        }
        return ready == endpoints;
    }

    private String matrix() throws IOException, InterruptedException {
        PodMatrix matrix = new PodMatrix();
        node.pods()
                .values()
                .forEach(pod -> matrix.pod(
                        pod.path("netns").asText(),
                        List.of(pod.path("ips").get(0).asText())));
        String said = matrix.run(node.work());
        return said.equals(Integer.toString(matrix.size())) ? "all" : said;
    }

    /** The pods that answer a pod behind a name or an address. */
    private Set<String> answers(String from, String host, int port) {
        try {
            TestNode.Outcome outcome =
                    node.tryInContainer(from, "python3", "-c", CLIENT, host, Integer.toString(port), "24");
            Set<String> pods = new TreeSet<>();
            outcome.out().lines().forEach(line -> pods.add(line.split(" ", -1)[0]));
            return outcome.code() == 0 ? pods : Set.of();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String routes() throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= NODES; i++) {
            for (String what : List.of("ip -4 route", "ip neigh show nud permanent", "bridge fdb show")) {
                List<String> command = new ArrayList<>(
                        List.of("nsenter", "--net=" + node.state().resolve("netns/node-" + i)));
                command.addAll(List.of(what.split(" ", -1)));
                text.append(node.program(command).out()).append("--\n");
            }
        }
        return text.toString();
    }

    private Process etcd() throws IOException, InterruptedException {
        Process etcd = node.background(
                "etcd", "--data-dir", node.work().resolve("etcd").toString(), "--log-level", "error");
        node.await("etcd", () -> {
            try {
                return node.tryOnNode("python3", "-c", "import socket; socket.create_connection(('127.0.0.1', 2379))")
                                .code()
                        == 0;
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        return etcd;
    }

    @Test
    void servicesAndNamesWorkAcrossNodesAndAKilledStoreChangesNothing() throws Exception {
        Process store = etcd();
        String[] options = {"--store", "etcd", "--etcd-endpoints", "http://127.0.0.1:2379"};
        for (int i = 1; i <= 2 * NODES; i++) {
            pod("p" + i, i == 1 ? "node-3" : "");
        }
        node.manifest("service.yaml", SERVICE);
        node.cluster(NODES, options);
        node.await("six pods", () -> running(6) && programmed(6));
        assertThat(node.pods().get("p1").path("node").asText()).isEqualTo("node-3");
        assertThat(node.pods().values().stream()
                        .map(pod -> pod.path("node").asText())
                        .distinct())
                .hasSize(NODES);
        node.await("all reach all", () -> allReachAll());
        Set<String> all = node.pods().keySet();
        for (String pod : all) {
            node.await("the service from " + pod, () -> answers(pod, "web", 80).equals(all));
        }

        String before = routes();
        store.destroyForcibly().waitFor();
        TimeUnit.SECONDS.sleep(OUTAGE_SECONDS);
        assertThat(matrix()).as("without a store").isEqualTo("all");
        assertThat(answers("p1", "web", 80)).as("without a store").isEqualTo(all);
        assertThat(routes()).as("without a store").isEqualTo(before);
        etcd();
        pod("later", "node-1");
        node.removeManifest("p2.yaml");
        Set<String> then = new TreeSet<>(all);
        then.add("later");
        then.remove("p2");
        node.await("one more, one less", () -> node.pods().keySet().equals(then) && running(6) && programmed(6));
        node.await("all reach all", () -> allReachAll());
        for (String pod : then) {
            node.await("the service from " + pod, () -> answers(pod, "web", 80).equals(then));
        }
    }

    private boolean allReachAll() {
        try {
            return matrix().equals("all");
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aClusterThatIsKilledIsAdoptedAndRemovedWithoutATrace() throws Exception {
        for (int i = 1; i <= 4; i++) {
            pod("p" + i, "");
        }
        node.manifest("service.yaml", SERVICE);
        Process first = node.cluster(NODES, "--backend", "neighbour");
        node.await("four pods", () -> running(4) && programmed(4));
        Map<String, Long> pids = node.pids();
        Map<String, JsonNode> pods = node.pods();
        first.destroyForcibly().waitFor();
        assertThat(matrix()).as("with nobody there").isEqualTo("all");

        Process second = node.cluster(NODES, "--backend", "neighbour", "--remove-on-exit");
        pod("p5", "node-2");
        node.await("a fifth pod", () -> running(5) && programmed(5));
        assertThat(node.pids()).containsAllEntriesOf(pids);
        assertThat(node.pods()).containsAllEntriesOf(pods);
        node.await("all reach all", () -> allReachAll());
        node.await("the service", () -> answers("p5", "web", 80).size() == 5);

        second.destroy();
        assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isZero();
        assertThat(node.pids()).isEmpty();
        assertThat(node.pods()).isEmpty();
        try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mountinfo"))) {
            assertThat(mounts.filter(mount -> mount.contains(node.state().toString())))
                    .isEmpty();
        }
        try (Stream<Path> left = Files.list(node.state().resolve("netns"))) {
            assertThat(left).isEmpty();
        }
    }
}
