package io.podnet.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.IpAddress;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * SCTP from Kubernetes' test/e2e/network/networking.go. Not every kernel has SCTP sockets, but all translate it: here
 * the first two packets of associations are sent and answered over raw sockets.
 */
@ParameterizedClass
@EnumSource(Configuration.class)
class SctpTest {
    /** Of three endpoints, one is missed by so many once in 10^17. */
    private static final int ASSOCIATIONS = 100;

    @RegisterExtension
    final Scene scene;

    private final List<Process> servers = new ArrayList<>();
    private Script script;

    SctpTest(Configuration configuration) {
        scene = new Scene(configuration);
    }

    @BeforeEach
    void open() throws IOException {
        script = new Script("sctp.py");
    }

    @AfterEach
    void close() throws IOException, InterruptedException {
        for (Process server : servers) {
            server.destroyForcibly();
            server.waitFor();
        }
        script.close();
    }

    private static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private Process start(TestPod pod, Object... arguments) {
        return pod.network().sandbox().start(new ProcessBuilder(script.command(arguments)).redirectErrorStream(true));
    }

    private TestPod server(String name, LabNode node) throws IOException {
        TestPod pod = scene.pod(name, node, spec -> spec.label("app", "netserver"));
        Process process = start(pod, "serve", pod.ip(scene.family()), Scene.TARGET_PORT, name);
        servers.add(process);
        assertThat(output(process).readLine()).isEqualTo("listening");
        return pod;
    }

    private Service service() {
        return scene.apply(scene.bareService("netserver")
                .type(Service.Type.NODE_PORT)
                .port("sctp", Protocol.SCTP, Scene.PORT, String.valueOf(Scene.TARGET_PORT)));
    }

    private List<String> ask(TestPod pod, IpAddress ip, int port) {
        return output(start(pod, "ask", ip, port, ASSOCIATIONS)).lines().toList();
    }

    private static Set<String> words(List<String> answers, int index) {
        return answers.stream().map(answer -> answer.split(" ", -1)[index]).collect(Collectors.toSet());
    }

    @Test
    @DisplayName(
            "Networking Granular Checks: Services should function for pod-Service: sctp [Feature:SCTPConnectivity]")
    void podService() throws Exception {
        server("one", scene.a());
        server("two", scene.a());
        server("three", scene.b());
        TestPod client = scene.pod("client", scene.a());
        Service service = service();
        List<String> answers = ask(client, scene.clusterIp(service), Scene.PORT);
        assertThat(words(answers, 0)).containsExactlyInAnyOrder("one", "two", "three");
        assertThat(words(answers, 1)).containsExactly(client.ip(scene.family()).toString());
        List<String> byNode = ask(client, scene.a().ip(scene.family()), Scene.nodePort(service, Protocol.SCTP));
        assertThat(words(byNode, 0)).containsExactlyInAnyOrder("one", "two", "three");
    }

    @Test
    @DisplayName(
            "Networking Granular Checks: Services should function for node-Service: sctp [Feature:SCTPConnectivity]")
    void nodeService() throws Exception {
        server("one", scene.a());
        server("two", scene.b());
        Service service = service();
        List<String> command = script.command("ask", scene.clusterIp(service), Scene.PORT, ASSOCIATIONS);
        List<String> answers =
                scene.a().machine().run(command.toArray(String[]::new)).lines().toList();
        assertThat(words(answers, 0)).containsExactlyInAnyOrder("one", "two");
    }

    @Test
    @DisplayName(
            "Networking Granular Checks: Services should function for endpoint-Service: sctp [Feature:SCTPConnectivity]")
    void endpointService() throws Exception {
        TestPod one = server("one", scene.a());
        server("two", scene.a());
        List<String> answers = ask(one, scene.clusterIp(service()), Scene.PORT);
        assertThat(Set.copyOf(answers))
                .containsExactlyInAnyOrder("one " + one.gateway(scene.family()), "two " + one.ip(scene.family()));
    }
}
