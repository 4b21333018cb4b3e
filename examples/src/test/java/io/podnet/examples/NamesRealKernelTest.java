package io.podnet.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.podnet.api.PodSpec;
import io.podnet.api.Podnet;
import io.podnet.api.PodnetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names by the agent, asked with the pods' own libc, in namespaces of their own. */
class NamesRealKernelTest {
    private static final String WEB = "web.default.svc.cluster.local";
    private static final String SERVER = "import os, socket\n"
            + "server = socket.create_server(('', 8080))\n"
            + "while True:\n"
            + "    peer, _ = server.accept()\n"
            + "    peer.sendall(os.environ['POD'].encode())\n"
            + "    peer.close()\n";
    private static final String CLIENT = "import socket, sys\n"
            + "peer = socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=5)\n"
            + "print(peer.recv(100).decode(), peer.getpeername()[0])\n";

    @TempDir
    Path directory;

    private TestNode node = null;
    private Path resolvConf = null;

    @BeforeEach
    void makeNode() throws IOException {
        node = TestNode.create();
        // Without upstreams, so that no query leaves the node.
        resolvConf = Files.writeString(directory.resolve("resolv.conf"), "search example.org\n");
    }

    @AfterEach
    void removeNode() throws IOException, InterruptedException {
        node.close();
    }

    private Process agent(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--resolv-conf", resolvConf.toString()));
        arguments.addAll(List.of(more));
        return node.agent(arguments.toArray(new String[0]));
    }

    private String pods() throws IOException {
        return node.program("s1", "web", List.of("python3", "-c", SERVER), "http", 8080)
                + node.program("s2", "web", List.of("python3", "-c", SERVER), "http", 8080);
    }

    private static String service(String name, String more) {
        return "apiVersion: v1\nkind: Service\nmetadata: {name: " + name + "}\nspec:\n" + more
                + "  selector: {app: web}\n  ports: [{name: http, port: 80, targetPort: http}]\n---\n";
    }

    /** The addresses that a pod's libc gives for a name; empty where it gives none. */
    private Set<String> resolved(String pod, String database, String name) {
        try {
            TestNode.Outcome outcome = node.tryInContainer(pod, "getent", database, name);
            return outcome.out()
                    .lines()
                    .map(line -> line.split(" ", -1)[0])
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Set<String> ips(String... pods) {
        Set<String> ips = new TreeSet<>();
        for (String pod : pods) {
            JsonNode found = node.pods().get(pod);
            if (found != null) {
                ips.add(found.path("ips").path(0).asText());
            }
        }
        return ips;
    }

    private String resolvConfOf(String pod) {
        try {
            return node.tryInContainer(pod, "cat", "/etc/resolv.conf").out();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String clusterIp() {
        JsonNode web = node.services().get("web");
        return web == null ? "" : web.path("clusterIps").path(0).asText();
    }

    private boolean running() {
        return node.phase("s1").equals("Running")
                && node.phase("s2").equals("Running")
                && node.pids().size() == 2
                && node.services().size() == 2;
    }

    private String connected(String host, int port) throws IOException, InterruptedException {
        TestNode.Outcome outcome = node.tryInContainer("s1", "python3", "-c", CLIENT, host, Integer.toString(port));
        return outcome.code() == 0 ? outcome.out().strip() : outcome.err();
    }

    private boolean connects(String host, int port, String address) {
        try {
            return connected(host, port).matches("s[12] " + address.replace(".", "\\."));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void podsResolveServicesWithTheirOwnLibcAlsoAfterAKill() throws Exception {
        node.manifest("pods.yaml", pods());
        node.manifest("services.yaml", service("web", "") + service("peers", "  clusterIP: None\n"));
        Process first = agent();
        node.await("two pods and two services", this::running);
        node.await("endpoints", () -> resolved("s1", "ahostsv4", "peers").equals(ips("s1", "s2")));
        String clusterIp = clusterIp();
        assertThat(clusterIp).startsWith("10.96.");
        assertThat(resolved("s1", "hosts", WEB)).containsExactly(clusterIp);
        assertThat(resolved("s2", "ahostsv4", "web")).as("by the search list").containsExactly(clusterIp);
        assertThat(resolved("s1", "ahostsv4", "nobody")).isEmpty();
        assertThat(resolved("s1", "hosts", clusterIp)).as("reverse").containsExactly(clusterIp);
        assertThat(node.tryInContainer("s1", "getent", "hosts", clusterIp).out())
                .contains(WEB);
        node.await("rules and servers", () -> connects(WEB, 80, clusterIp));
        assertThat(connected("peers", 8080)).matches("s[12] 10\\.244\\.1\\..*");

        first.destroyForcibly().waitFor();
        Process second = agent();
        node.await("adoption", () -> node.logLines("is adopted") >= 2);
        node.await("the same name", () -> resolved("s1", "hosts", WEB).equals(Set.of(clusterIp)));
        node.await(
                "the same endpoints", () -> resolved("s2", "ahostsv4", "peers").equals(ips("s1", "s2")));
        node.await("the same connection", () -> connects("web", 80, clusterIp));

        node.manifest("services.yaml", service("peers", "  clusterIP: None\n"));
        node.await("no name", () -> resolved("s1", "hosts", WEB).isEmpty());
        assertThat(resolved("s1", "ahostsv4", "web")).isEmpty();
        assertThat(resolved("s1", "ahostsv4", "peers")).as("the other stays").hasSize(2);
        second.destroy();
        assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isZero();
    }

    @Test
    void withoutAResolverPodsHaveTheNodesOwn() throws Exception {
        node.manifest("pods.yaml", pods());
        agent("--name-resolver", "none");
        node.await(
                "a pod", () -> node.phase("s1").equals("Running") && node.pids().size() == 2);
        // The process is there a moment before it has the pod's mounts.
        node.await("the node's resolv.conf", () -> resolvConfOf("s1").equals("search example.org\n"));
    }

    @Test
    void aPodThatTheResolverCannotServeIsTakenBack() throws Exception {
        try (Podnet podnet = node.podnet()
                .resolvConf(resolvConf)
                .nameResolver("dns")
                .nameResolverOption("podAddress", "192.0.2.53")
                .start()) {
            assertThatThrownBy(() -> podnet.setUp(PodSpec.of("default", "a").build()))
                    .isInstanceOf(PodnetException.class)
                    .hasMessageContaining("192.0.2.53");
            assertThat(podnet.pods()).isEmpty();
        }
        assertThat(Podnet.records(node.state())).isEmpty();
        assertThat(node.podPins()).isEmpty();
    }
}
