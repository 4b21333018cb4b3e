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

/** Names by the agent, asked with the pods' own libc, in namespaces of their own, dual stack. */
class NamesRealKernelTest {
    private static final String WEB = "web.default.svc.cluster.local";
    private static final String SERVER = "import os, socket\n"
            + "server = socket.create_server(('', 8080), family=socket.AF_INET6, dualstack_ipv6=True)\n"
            + "while True:\n"
            + "    peer, _ = server.accept()\n"
            + "    peer.sendall(os.environ['POD'].encode())\n"
            + "    peer.close()\n";
    private static final String CLIENT = "import socket, sys\n"
            + "peer = socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=5)\n"
            + "print(peer.recv(100).decode(), peer.getpeername()[0])\n";
    private static final String UPSTREAM = "192.0.2.53";
    // Says 192.0.2.7 to each question for A, and that there is nothing to others.
    private static final String NAME_SERVER = "import socket, sys\n"
            + "server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
            + "server.bind((sys.argv[1], 53))\n"
            + "while True:\n"
            + "    query, peer = server.recvfrom(4096)\n"
            + "    end = query.index(0, 12) + 5\n"
            + "    found = query[end - 4:end - 2] == bytes([0, 1])\n"
            + "    head = query[:2] + bytes([0x81, 0x80, 0, 1, 0, int(found), 0, 0, 0, 0])\n"
            + "    data = bytes([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7]) if found else b''\n"
            + "    server.sendto(head + query[12:end] + data, peer)\n";

    @TempDir
    Path directory;

    private TestNode node = null;
    private Path resolvConf = null;

    @BeforeEach
    void makeNode() throws IOException {
        node = TestNode.create();
        node.podCidr("10.244.1.0/24,fd00:10:244:1::/64");
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
        return "apiVersion: v1\nkind: Service\nmetadata: {name: " + name
                + "}\nspec:\n  ipFamilyPolicy: RequireDualStack\n" + more
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

    /** The addresses of pods, of IPv4 (0) or IPv6 (1). */
    private Set<String> ips(int family, String... pods) {
        Set<String> ips = new TreeSet<>();
        for (String pod : pods) {
            JsonNode found = node.pods().get(pod);
            if (found != null) {
                ips.add(found.path("ips").path(family).asText());
            }
        }
        return ips;
    }

    private boolean peersAreBoth(String pod) {
        return resolved(pod, "ahostsv4", "peers").equals(ips(0, "s1", "s2"))
                && resolved(pod, "ahostsv6", "peers").equals(ips(1, "s1", "s2"));
    }

    private String resolvConfOf(String pod) {
        try {
            return node.tryInContainer(pod, "cat", "/etc/resolv.conf").out();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String clusterIp(int family) {
        JsonNode web = node.services().get("web");
        return web == null ? "" : web.path("clusterIps").path(family).asText();
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
        node.await("endpoints", () -> peersAreBoth("s1"));
        String clusterIp = clusterIp(0);
        String clusterIp6 = clusterIp(1);
        assertThat(clusterIp).startsWith("10.96.");
        assertThat(clusterIp6).startsWith("fd00:10:96::");
        assertThat(resolved("s1", "ahostsv4", WEB)).containsExactly(clusterIp);
        assertThat(resolved("s1", "ahostsv6", WEB)).containsExactly(clusterIp6);
        assertThat(resolved("s2", "ahostsv4", "web")).as("by the search list").containsExactly(clusterIp);
        assertThat(resolved("s1", "ahostsv4", "nobody")).isEmpty();
        assertThat(resolved("s1", "hosts", clusterIp)).as("reverse").containsExactly(clusterIp);
        for (String ip : List.of(clusterIp, clusterIp6)) {
            assertThat(node.tryInContainer("s1", "getent", "hosts", ip).out()).contains(WEB);
            node.await("rules and servers for " + ip, () -> connects(ip, 80, ip));
        }
        assertThat(connected(WEB, 80)).as("by either family").matches("s[12] (10\\.96\\.|fd00:10:96::).*");
        assertThat(connected("peers", 8080)).matches("s[12] (10\\.244\\.1\\.|fd00:10:244:1::).*");

        first.destroyForcibly().waitFor();
        Process second = agent();
        node.await("adoption", () -> node.logLines("is adopted") >= 2);
        node.await("the same name", () -> resolved("s1", "ahostsv6", WEB).equals(Set.of(clusterIp6)));
        node.await("the same endpoints", () -> peersAreBoth("s2"));
        node.await("the same connection", () -> connects(clusterIp, 80, clusterIp));

        node.manifest("services.yaml", service("peers", "  clusterIP: None\n"));
        node.await("no name", () -> resolved("s1", "hosts", WEB).isEmpty());
        assertThat(resolved("s1", "ahostsv4", "web")).isEmpty();
        assertThat(resolved("s1", "ahostsv4", "peers")).as("the other stays").hasSize(2);
        second.destroy();
        assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isZero();
    }

    /** A pod with more lines in its spec. */
    private String sleeper(String name, String more) {
        return node.sleeper(name, "1").replace("\nspec:\n", "\nspec:\n" + more);
    }

    private String dig(String pod, String... question) {
        List<String> command = new ArrayList<>(List.of("dig", "@127.0.0.10", "+tries=1"));
        command.addAll(List.of(question));
        try {
            return node.tryInContainer(pod, command.toArray(new String[0])).out();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void policiesUpstreamServersAndNamespacesOfTheManifests() throws Exception {
        node.onNode("ip", "address", "add", UPSTREAM + "/32", "dev", "lo");
        Files.writeString(resolvConf, "nameserver " + UPSTREAM + "\nsearch example.org\noptions timeout:1\n");
        Process server = new ProcessBuilder(
                        "nsenter", "--net=" + node.namespacePath(), "python3", "-c", NAME_SERVER, UPSTREAM)
                .inheritIO()
                .start();
        try {
            String own = "  dnsConfig: {nameservers: [" + UPSTREAM
                    + "], searches: [corp.example], options: [{name: ndots, value: '2'}, {name: edns0}]}\n";
            node.manifest(
                    "pods.yaml",
                    sleeper("first", own)
                            + sleeper("host-net", "  dnsPolicy: ClusterFirstWithHostNet\n")
                            + sleeper("default", "  dnsPolicy: Default\n")
                            + sleeper("none", "  dnsPolicy: None\n" + own));
            node.manifest("namespace.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: team}\n");
            agent("--upstream", UPSTREAM);
            node.await("four pods", () -> node.pids().size() == 4);
            String cluster = "search default.svc.cluster.local svc.cluster.local cluster.local example.org";
            node.await(
                    "first",
                    () -> resolvConfOf("first")
                            .equals(cluster + " corp.example\nnameserver 127.0.0.10\nnameserver " + UPSTREAM
                                    + "\noptions ndots:2 edns0\n"));
            node.await(
                    "host-net",
                    () -> resolvConfOf("host-net").equals(cluster + "\nnameserver 127.0.0.10\noptions ndots:5\n"));
            node.await(
                    "default",
                    () -> resolvConfOf("default")
                            .equals("search example.org\nnameserver " + UPSTREAM + "\noptions timeout:1\n"));
            node.await(
                    "none",
                    () -> resolvConfOf("none")
                            .equals("search corp.example\nnameserver " + UPSTREAM + "\noptions edns0 ndots:2\n"));
            for (String pod : List.of("first", "host-net", "default", "none")) {
                node.await(
                        "upstream's answer in " + pod,
                        () -> resolved(pod, "ahostsv4", "www.example.net").equals(Set.of("192.0.2.7")));
            }
            assertThat(dig("first", "www.example.net", "A"))
                    .contains("192.0.2.7")
                    .contains(" ra");
            assertThat(dig("default", "team.svc.cluster.local"))
                    .as("nothing listens there")
                    .contains("no servers");
            assertThat(dig("first", "team.svc.cluster.local")).contains("NOERROR");
            assertThat(dig("first", "nobody.svc.cluster.local")).contains("NXDOMAIN");
            node.removeManifest("namespace.yaml");
            node.await(
                    "no namespace", () -> dig("first", "team.svc.cluster.local").contains("NXDOMAIN"));
        } finally {
            server.destroyForcibly().waitFor();
        }
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
