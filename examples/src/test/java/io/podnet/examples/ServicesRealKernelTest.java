package io.podnet.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Services by the agent, on real packets in namespaces of their own. */
class ServicesRealKernelTest {
    private static final String SERVER = "import http.server, os, sys\n"
            + "class Handler(http.server.BaseHTTPRequestHandler):\n"
            + "    def do_GET(self):\n"
            + "        body = os.environ['POD'].encode()\n"
            + "        self.send_response(200)\n"
            + "        self.send_header('Content-Length', str(len(body)))\n"
            + "        self.end_headers()\n"
            + "        self.wfile.write(body)\n"
            + "    def log_message(self, *args):\n"
            + "        pass\n"
            + "http.server.HTTPServer(('', 8080), Handler).serve_forever()\n";
    private static final String CLIENT = "import sys, urllib.request\n"
            + "print(urllib.request.build_opener(urllib.request.ProxyHandler({}))"
            + ".open(sys.argv[1], timeout=5).read().decode())\n";

    private TestNode node = null;

    @BeforeEach
    void makeNode() throws IOException {
        node = TestNode.create();
    }

    @AfterEach
    void removeNode() throws IOException, InterruptedException {
        node.close();
    }

    private String server(String name) throws IOException {
        return node.program(name, "web", List.of("python3", "-c", SERVER), "http", 8080);
    }

    private static String service(String type) {
        return "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  type: " + type
                + "\n  selector: {app: web}\n  ports: [{name: http, port: 80, targetPort: http}]\n";
    }

    private boolean answers(String from, String address) {
        try {
            TestNode.Outcome outcome = from.equals("node")
                    ? node.tryOnNode("python3", "-c", CLIENT, "http://" + address + "/")
                    : node.tryInPod(from, "python3", "-c", CLIENT, "http://" + address + "/");
            return outcome.code() == 0 && outcome.out().startsWith("s");
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String answer(String from, String address) throws IOException, InterruptedException {
        TestNode.Outcome outcome = node.tryInPod(from, "python3", "-c", CLIENT, "http://" + address + "/");
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return outcome.out().strip();
    }

    private boolean programmed(int endpoints) {
        JsonNode web = node.services().get("web");
        int ready = 0;
        if (web != null) {
            for (JsonNode endpoint : web.path("endpoints")) {
                ready += endpoint.path("ready").asBoolean() ? 1 : 0;
            }
        }
        return web != null && web.path("programmed").asBoolean() && ready == endpoints;
    }

    @Test
    void aServiceIsReachedKeepsItsAddressOverAKillAndGoes() throws Exception {
        node.manifest("pods.yaml", server("s1") + server("s2") + node.sleeper("client", "1"));
        node.manifest("service.yaml", service("NodePort"));
        Process first = node.agent();
        node.await("a programmed service with two endpoints", () -> programmed(2));
        JsonNode web = node.services().get("web");
        String clusterIp = web.path("clusterIps").get(0).asText();
        int nodePort = web.path("ports").get(0).path("nodePort").asInt();
        assertThat(clusterIp).startsWith("10.96.");
        assertThat(nodePort).isBetween(30_086, 32_767);
        assertThat(web.path("type").asText()).isEqualTo("NodePort");
        assertThat(web.path("ports").get(0).path("targetPort").asText()).isEqualTo("http");
        assertThat(web.path("endpoints").get(0).path("nodeName").asText()).isEqualTo("node-a");
        assertThat(web.path("message").asText()).isEmpty();
        node.await("servers that listen", () -> answers("client", clusterIp + ":80"));

        Set<String> reached = new HashSet<>();
        for (int i = 0; i < 40; i++) {
            reached.add(answer("client", clusterIp + ":80"));
        }
        assertThat(reached).containsExactlyInAnyOrder("s1", "s2");
        assertThat(answers("client", "10.244.1.1:" + nodePort)).as("node port").isTrue();
        assertThat(answers("node", "10.244.1.1:" + nodePort))
                .as("from the node")
                .isTrue();

        explained(clusterIp, nodePort);

        first.destroyForcibly().waitFor();
        assertThat(answers("client", clusterIp + ":80")).as("without an agent").isTrue();
        Process second = node.agent();
        node.await("the same service", () -> programmed(2) && node.logLines("is adopted") >= 3);
        JsonNode again = node.services().get("web");
        assertThat(again.path("clusterIps")).isEqualTo(web.path("clusterIps"));
        assertThat(again.path("ports")).isEqualTo(web.path("ports"));
        assertThat(answers("client", clusterIp + ":80")).as("after the restart").isTrue();

        node.manifest("pods.yaml", server("s2") + node.sleeper("client", "1"));
        node.await("one endpoint", () -> programmed(1) && node.phase("s1").equals("absent"));
        for (int i = 0; i < 10; i++) {
            assertThat(answer("client", clusterIp + ":80")).isEqualTo("s2");
        }

        node.removeManifest("service.yaml");
        node.await("no service", () -> node.services().isEmpty() && !rules().contains(clusterIp));
        assertThat(answers("client", clusterIp + ":80")).as("gone").isFalse();
        second.destroy();
        assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isZero();
    }

    private String rules() {
        try {
            return node.onNode("iptables-save");
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void explained(String clusterIp, int nodePort) throws IOException {
        JsonNode way = node.explain("default/client", clusterIp + ":80");
        assertThat(way.path("verdict").asText()).isEqualTo("TRANSLATE");
        assertThat(way.path("candidates")).hasSize(2);
        Set<String> pods = new HashSet<>();
        for (JsonNode candidate : way.path("candidates")) {
            assertThat(candidate.path("probability").asDouble()).isEqualTo(0.5);
            assertThat(candidate.path("port").asInt()).isEqualTo(8080);
            pods.add(candidate.path("pod").asText());
        }
        assertThat(pods).containsExactlyInAnyOrder("default/s1", "default/s2");
        assertThat(way.path("steps").get(0).asText()).contains("cluster IP of service port default/web:http");

        assertThat(node.explain("default/client", "default/web:http").path("to").asText())
                .isEqualTo(clusterIp + ":80");
        assertThat(node.explain("node", "10.244.1.1:" + nodePort)
                        .path("verdict")
                        .asText())
                .isEqualTo("TRANSLATE_AND_MASQUERADE");
        assertThat(node.explain("default/client", clusterIp + ":81")
                        .path("steps")
                        .toString())
                .contains("no service has " + clusterIp + ":81/TCP");
        String server = node.pods().get("s1").path("ips").get(0).asText();
        JsonNode direct = node.explain("default/client", server + ":8080");
        assertThat(direct.path("verdict").asText()).isEqualTo("PASS");
        assertThat(direct.path("steps").toString())
                .contains("is pod default/s1: the packet goes there directly, no service is involved");
    }

    @Test
    void removeOnExitTakesTheRulesAndANodeWithoutServicesHasNone() throws Exception {
        node.manifest("pods.yaml", server("s1"));
        Process agent = node.agent("--remove-on-exit");
        node.await("a pod", () -> node.phase("s1").equals("Running"));
        assertThat(rules()).as("no service, no rule").doesNotContain("KUBE-");
        assertThat(node.state().resolve("service-proxy")).doesNotExist();

        node.manifest("service.yaml", service("ClusterIP"));
        node.await("a programmed service", () -> programmed(1));
        assertThat(rules()).contains("KUBE-SVC-");
        agent.destroy();
        assertThat(agent.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(agent.exitValue()).isZero();
        assertThat(rules()).doesNotContain("KUBE-");
        assertThat(node.services()).isEmpty();
        assertThat(node.pods()).isEmpty();
    }

    @Test
    void whatIsWrongWithAServiceIsSaidAndStopsNothing() throws Exception {
        node.manifest(
                "service.yaml",
                service("ClusterIP") + "---\n"
                        + service("ClusterIP")
                                .replace("web}\nspec", "bad}\nspec")
                                .replace("ports: [{name: http", "clusterIP: 10.97.0.1\n  ports: [{name: http"));
        node.manifest("broken.yaml", service("Cluster").replace("name: web", "name: broken"));
        node.agent();
        node.await("a good service", () -> programmed(0));
        node.await("the bad ones", () -> node.services().keySet().equals(Set.of("web", "bad", "broken")));
        assertThat(node.services().get("bad").path("message").asText())
                .contains("cluster IP 10.97.0.1 of service default/bad is no service's address");
        assertThat(node.services().get("broken").path("message").asText())
                .startsWith("broken.yaml:5: service default/broken: spec.type: 'Cluster' is not one of");

        node.manifest("service.yaml", service("Cluster"));
        node.await(
                "the last good version stays",
                () -> node.services()
                        .get("web")
                        .path("message")
                        .asText()
                        .startsWith("service.yaml:5: service default/web: spec.type"));
        assertThat(node.services().get("web").path("clusterIps")).hasSize(1);
    }
}
