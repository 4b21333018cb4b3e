package io.podnet.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.podnet.cni.daemon.Executable;
import io.podnet.examples.TestNode.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CNI plugins under the agent, and by hand with the tool. */
class CniRealKernelTest {
    private static final String SERVER = """
            import socket
            s = socket.create_server(('', 8080))
            while True:
                c, a = s.accept()
                c.sendall(('from ' + a[0]).encode())
                c.close()
            """;
    private static final String CLIENT = """
            import socket
            s = socket.create_connection(('web.default.svc.cluster.local', 80), timeout=5)
            print(s.recv(100).decode())
            """;

    @TempDir
    Path directory;

    private TestNode node = null;

    @BeforeEach
    void makeNode() throws IOException {
        node = TestNode.create();
        Files.createDirectory(directory.resolve("net.d"));
        Files.writeString(directory.resolve("net.d/10-lab.conflist"), """
                {"cniVersion": "1.0.0", "name": "lab", "plugins": [
                  {"type": "bridge", "bridge": "cni0", "isDefaultGateway": true,
                   "ipam": {"type": "host-local", "dataDir": "DATA", "ranges": [[{"subnet": "10.244.1.0/24"}]]}},
                  {"type": "bandwidth", "capabilities": {"bandwidth": true}}
                ]}""".replace(
                        "DATA", directory.resolve("leases").toString()));
    }

    @AfterEach
    void removeNode() throws IOException, InterruptedException {
        // Podnet's own bridge, by which the node is cleared, has no place beside one in the same network.
        node.tryOnNode("ip", "link", "delete", "cni0");
        node.close();
    }

    private List<String> leases() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("leases/lab"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("10."))
                    .toList();
        }
    }

    /** Network by CNI's plugins, services and names by Podnet's: each has to do with the other's packets. */
    @Test
    void theAgentsPodsAreOnACniNetworkWithServicesAndNames() throws Exception {
        node.manifest(
                "pods.yaml",
                node.program("server", "web", List.of("python3", "-c", SERVER), "http", 8080)
                        + node.sleeper("client", "1"));
        node.manifest(
                "service.yaml",
                "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  selector: {app: web}\n"
                        + "  ports: [{port: 80, targetPort: http}]\n");
        Process agent = node.agent(
                "--network-plugin",
                "cni",
                "--network-plugin-option",
                "network=lab",
                "--network-plugin-option",
                "confDir=" + directory.resolve("net.d"),
                "--network-plugin-option",
                "binDir=/usr/lib/cni",
                "--remove-on-exit");
        try {
            node.await(
                    "an answer by the service's name",
                    () -> node.pids().containsKey("client") && answer().contains("from 10.244.1."));
            assertThat(leases()).containsExactlyInAnyOrder("10.244.1.2", "10.244.1.3");
            assertThat(node.pods().get("server").toString()).contains("10.244.1.");
        } finally {
            agent.destroy();
            agent.waitFor();
        }
        assertThat(leases()).isEmpty();
        assertThat(node.onNode("ip", "-o", "link", "show", "type", "veth")).isEmpty();
    }

    private String answer() {
        try {
            return node.tryInContainer("client", "python3", "-c", CLIENT).out();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The last plugin of the chain ends the agent in the middle of its first ADD, when address and link are there. */
    @Test
    void anAgentThatDiesInTheMiddleOfAnAddLeavesNothing() throws Exception {
        Path plugins = Files.createDirectory(directory.resolve("bin"));
        Path deadly = plugins.resolve("deadly");
        Files.writeString(
                deadly,
                "#!/bin/sh\ncat > " + directory.resolve("stdin") + "\n[ $CNI_COMMAND = ADD ] || exit 0\n"
                        + "if mkdir " + directory.resolve("once") + " 2> /dev/null; then kill -KILL $PPID; exit 1; fi\n"
                        + "sed 's/.*\"prevResult\"://; s/}$//' " + directory.resolve("stdin") + "\n");
        Files.setPosixFilePermissions(deadly, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path list = directory.resolve("net.d/10-lab.conflist");
        Files.writeString(
                list,
                Files.readString(list).replace("\"bandwidth\", \"capabilities\": {\"bandwidth\": true}", "\"deadly\""));
        node.manifest("client.yaml", node.sleeper("client", "1"));
        String[] options = {
            "--network-plugin",
            "cni",
            "--network-plugin-option",
            "confDir=" + directory.resolve("net.d"),
            "--network-plugin-option",
            "binDir=" + plugins + ":/usr/lib/cni",
            "--remove-on-exit"
        };
        assertThat(node.agent(options).waitFor()).isEqualTo(128 + 9);
        assertThat(leases()).containsExactly("10.244.1.2");
        assertThat(node.onNode("ip", "-o", "link", "show", "type", "veth")).isNotEmpty();

        Process second = node.agent(options);
        try {
            node.await("the pod runs", () -> node.sleepers().containsKey("client"));
            assertThat(leases()).as("the first one was given back").hasSize(1);
            assertThat(node.onNode("ip", "-o", "link", "show", "type", "veth").lines())
                    .hasSize(1);
        } finally {
            second.destroy();
            second.waitFor();
        }
        assertThat(leases()).isEmpty();
        assertThat(node.onNode("ip", "-o", "link", "show", "type", "veth")).isEmpty();
    }

    private Outcome plugin(Path bin, String command, String netns) throws Exception {
        return node.tryOnNode(
                "env",
                "CNI_COMMAND=" + command,
                "CNI_CONTAINERID=one",
                "CNI_NETNS=" + netns,
                "CNI_IFNAME=eth0",
                "CNI_PATH=" + bin,
                "sh",
                "-c",
                bin.resolve("podnet-cni") + " < " + directory.resolve("one.conf"));
    }

    /** As a runtime would have it, with the agent's own pods beside; and the daemon alone, with its first call. */
    @Test
    void theAgentAndTheDaemonAnswerContainerRuntimesAndEndInOrder() throws Exception {
        Path netns = directory.resolve("pod");
        Files.createFile(netns);
        assertThat(node.tryOnNode("unshare", "--net=" + netns, "true").code()).isZero();
        Files.writeString(
                directory.resolve("one.conf"),
                "{\"cniVersion\":\"1.0.0\",\"name\":\"net\",\"type\":\"podnet-cni\",\"isGateway\":true,\"ipMasq\":true,"
                        + "\"ipam\":{\"type\":\"host-local\",\"dataDir\":\"" + directory.resolve("leases")
                        + "\",\"subnet\":\"10.22.0.0/24\"}}");
        Path socket = directory.resolve("run/cni.sock");
        Path bin = directory.resolve("bin");
        Path state = node.state().resolve("cni");
        new Executable(Optional.of(socket), state, List.of()).install(bin);
        node.manifest("client.yaml", node.sleeper("client", "1"));
        try {
            for (int daemon = 0; daemon <= 1; daemon++) {
                Process process = daemon == 0
                        ? node.agent("--cni-socket", socket.toString(), "--remove-on-exit")
                        : node.command(
                                "cni-daemon",
                                "--state",
                                state.toString(),
                                "--socket",
                                socket.toString(),
                                "--node-namespace",
                                node.namespacePath());
                node.await("somebody listens", () -> Files.exists(socket));
                Outcome added = plugin(bin, "ADD", netns.toString());
                assertThat(added.code()).as(added.out()).isZero();
                assertThat(added.out()).contains("10.22.0.");
                if (daemon == 0) {
                    node.await("the pod runs", () -> node.sleepers().containsKey("client"));
                }
                assertThat(plugin(bin, "DEL", netns.toString())).isEqualTo(new Outcome(0, "", ""));
                process.destroy();
                assertThat(process.waitFor()).as(Files.readString(node.log())).isZero();
                assertThat(socket).doesNotExist();
            }
            assertThat(node.onNode("nft", "list", "ruleset")).doesNotContain("podnet");
        } finally {
            node.tryOnNode("umount", netns.toString());
        }
    }

    @Test
    void theToolDoesWhatTheReferenceToolDoes() throws Exception {
        Path netns = directory.resolve("pod");
        Files.createFile(netns);
        // A namespace that nothing but its pin keeps.
        assertThat(node.tryOnNode("unshare", "--net=" + netns, "true").code()).isZero();
        try {
            Map<String, String> environment = Map.of(
                    "CNI_PATH", "/usr/lib/cni",
                    "NETCONFPATH", directory.resolve("net.d").toString(),
                    "CAP_ARGS", "{\"bandwidth\":{\"ingressRate\":50000000,\"ingressBurst\":500000}}",
                    "CNI_ARGS", "IgnoreUnknown=1;K8S_POD_NAME=web",
                    "CNI_IFNAME", "net1");
            String cache = "--cache-dir=" + directory.resolve("cache");
            assertThat(tool(environment, "status", cache, "lab", netns.toString()))
                    .isEqualTo(new Outcome(0, "", ""));

            Outcome added = tool(environment, "add", cache, "lab", netns.toString());
            assertThat(added.code()).as(added.err()).isZero();
            JsonNode result = new ObjectMapper().readTree(added.out());
            assertThat(result.path("cniVersion").asText()).isEqualTo("1.0.0");
            assertThat(result.at("/ips/0/address").asText()).isEqualTo("10.244.1.2/24");
            assertThat(result.at("/interfaces/2/name").asText()).isEqualTo("net1");
            assertThat(node.onNode("tc", "qdisc")).contains("rate 50Mbit");
            try (Stream<Path> kept = Files.list(directory.resolve("cache/results"))) {
                assertThat(kept.map(file -> file.getFileName().toString()))
                        .singleElement()
                        .asString()
                        .matches("lab-cnitool-[0-9a-f]{20}-net1");
            }
            assertThat(tool(environment, "check", cache, "lab", netns.toString()))
                    .isEqualTo(new Outcome(0, "", ""));
            Outcome again = tool(environment, "add", cache, "lab", netns.toString());
            assertThat(again.code()).isEqualTo(1);
            assertThat(again.err()).contains("delete it before it is added again");

            assertThat(tool(environment, "del", cache, "lab", netns.toString())).isEqualTo(new Outcome(0, "", ""));
            assertThat(leases()).isEmpty();
            assertThat(node.onNode("tc", "qdisc")).doesNotContain("rate");
            assertThat(tool(environment, "del", cache, "lab", netns.toString()).code())
                    .isZero();

            assertThat(tool(environment, "add", cache, "lab", netns.toString(), "-i", "eth7")
                            .code())
                    .isZero();
            assertThat(tool(environment, "gc", cache, "lab", netns.toString()).err())
                    .contains("eth7");
            assertThat(leases()).isEmpty();
            assertThat(node.onNode("ip", "-o", "link", "show", "type", "veth")).isEmpty();

            Outcome absent = tool(environment, "status", cache, "other", netns.toString());
            assertThat(absent.code()).isEqualTo(1);
            assertThat(absent.err()).contains("no CNI network 'other'").contains("found: lab");
            assertThat(tool(Map.of(), "status", cache, "lab", netns.toString()).err())
                    .contains("CNI_PATH");
        } finally {
            node.tryOnNode("umount", netns.toString());
        }
    }

    private Outcome tool(Map<String, String> environment, String... arguments) throws Exception {
        return node.commandInside(environment, "cnitool", arguments);
    }
}
