package io.podnet.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.podnet.api.PodNetwork;
import io.podnet.api.Podnet;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The agent as a child JVM on a node in a namespace of its own, on the real kernel. */
class AgentRealKernelTest {
    private static final int PODS = 20;
    private static final int KILLS = 5;

    private TestNode node = null;

    @BeforeEach
    void makeNode() throws IOException {
        node = TestNode.create();
    }

    @AfterEach
    void removeNode() throws IOException, InterruptedException {
        node.close();
    }

    private boolean allRunning(Set<String> names) {
        Map<String, JsonNode> pods = node.pods();
        return pods.keySet().equals(names)
                && pods.values().stream()
                        .allMatch(pod -> pod.path("phase").asText().equals("Running")
                                && pod.path("message").asText().isEmpty());
    }

    @Test
    void anAgentThatIsKilledAtAnyMomentConvergesToExactlyTheManifests() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<String, String> desired = new TreeMap<>();
        for (int i = 0; i < PODS; i++) {
            desired.put("p" + i, "0");
            node.manifest("p" + i + ".yaml", node.sleeper("p" + i, "0"));
        }
        for (int kill = 1; kill <= KILLS; kill++) {
            Process agent = node.agent();
            // From before the first pod to after the last one; what is tested is that it does not matter.
            TimeUnit.MILLISECONDS.sleep(300 + random.nextInt(3_000));
            agent.destroyForcibly().waitFor();
            change(desired, random, kill);
        }
        Process last = node.agent();
        try {
            node.await(
                    "seed " + seed + ", " + desired,
                    () -> node.sleepers().equals(desired) && allRunning(desired.keySet()));
        } finally {
            last.destroy();
            last.waitFor();
        }
        assertThat(node.sleepers())
                .as("one process of each pod runs on, seed %s", seed)
                .isEqualTo(desired);
        assertThat(node.podPins()).as("seed %s", seed).hasSize(desired.size());
        assertThat(node.onNode("ip", "-o", "link").lines().count())
                .as("lo, the bridge and a veth for each pod, seed %s", seed)
                .isEqualTo(2L + desired.size());
        try (Podnet podnet = node.podnet().start()) {
            List<PodNetwork> pods = podnet.pods();
            Set<Object> ips = new HashSet<>();
            pods.forEach(pod -> ips.addAll(pod.ips()));
            assertThat(pods).map(pod -> pod.id().name()).containsExactlyInAnyOrderElementsOf(desired.keySet());
            assertThat(ips).as("addresses are unique, seed %s", seed).hasSize(pods.size());
            for (PodNetwork pod : pods) {
                assertThat(podnet.check(pod.id())).as("seed %s", seed).isEmpty();
            }
        }
    }

    /** Adds, changes and removes pods while no agent runs. */
    private void change(Map<String, String> desired, Random random, int round) throws IOException {
        for (String name : List.copyOf(desired.keySet())) {
            int choice = random.nextInt(6);
            if (choice == 0) {
                desired.remove(name);
                node.removeManifest(name + ".yaml");
            } else if (choice == 1) {
                desired.put(name, Integer.toString(round));
                node.manifest(name + ".yaml", node.sleeper(name, Integer.toString(round)));
            }
        }
        while (desired.size() < PODS) {
            String name = "r" + round + "-" + desired.size();
            desired.put(name, "0");
            node.manifest(name + ".yaml", node.sleeper(name, "0"));
        }
    }

    @Test
    void aSignalLeavesPodsToTheNextAgent() throws Exception {
        node.manifest("p.yaml", node.sleeper("a", "1") + node.sleeper("b", "1"));
        Process first = node.agent();
        node.await("two pods", () -> allRunning(Set.of("a", "b")) && node.pids().size() == 2);
        Map<String, Long> pids = node.pids();
        JsonNode before = node.pods().get("a");
        first.destroy();
        assertThat(first.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(first.exitValue()).isZero();
        assertThat(node.pids()).isEqualTo(pids);

        node.agent("--remove-on-exit");
        node.manifest("q.yaml", node.sleeper("c", "1"));
        node.await("a third pod", () -> node.pids().size() == 3 && allRunning(Set.of("a", "b", "c")));
        assertThat(node.pids()).containsAllEntriesOf(pids);
        assertThat(node.pods().get("a")).isEqualTo(before);
        assertThat(before.path("ips").get(0).asText()).startsWith("10.244.1.");
        assertThat(before.path("node").asText()).isEqualTo("node-a");
        assertThat(before.path("netns").asText()).contains("/netns/podnet-");
        assertThat(before.path("mac").asText()).matches("([0-9a-f]{2}:){5}[0-9a-f]{2}");
    }

    @Test
    void removeOnExitLeavesNothing() throws Exception {
        node.manifest("p.yaml", node.sleeper("a", "1") + node.sleeper("b", "1"));
        Process agent = node.agent("--remove-on-exit");
        node.await("two pods", () -> node.pids().size() == 2);
        agent.destroy();
        assertThat(agent.waitFor(30, TimeUnit.SECONDS)).isTrue();

        assertThat(agent.exitValue()).isZero();
        assertThat(node.pids()).isEmpty();
        assertThat(node.pods()).isEmpty();
        assertThat(node.podPins()).isEmpty();
        assertThat(node.onNode("ip", "-o", "link").lines()).hasSize(1);
    }

    @Test
    void filesThatComeChangeBreakAndGo() throws Exception {
        node.agent();
        node.manifest("one.yaml", node.sleeper("a", "1") + node.sleeper("b", "1"));
        node.manifest("two.yaml", node.sleeper("c", "1"));
        node.await("three pods", () -> node.sleepers().equals(Map.of("a", "1", "b", "1", "c", "1")));
        Map<String, Long> pids = node.pids();

        node.manifest("one.yaml", node.sleeper("a", "2"));
        node.await("a replaced, b gone", () -> node.sleepers().equals(Map.of("a", "2", "c", "1")));
        assertThat(node.pids()).containsEntry("c", pids.get("c"));
        pids = node.pids();

        node.manifest("one.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a");
        node.manifest("three.yaml", node.sleeper("c", "9") + node.sleeper("d", "1"));
        node.manifest("four.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: bad}\nspec: {hostNetwork: true}\n");
        node.await("d comes beside a broken file", () -> node.sleepers().equals(Map.of("a", "2", "c", "1", "d", "1")));
        node.await("bad is Failed", () -> node.phase("bad").equals("Failed"));
        assertThat(node.message("bad")).startsWith("four.yaml:4: pod default/bad: spec.hostNetwork: is not supported");
        assertThat(node.pids()).containsAllEntriesOf(pids);

        node.removeManifest("one.yaml");
        node.removeManifest("two.yaml");
        node.removeManifest("four.yaml");
        node.await("a gone, c taken over by another file", () -> node.sleepers().equals(Map.of("c", "9", "d", "1")));
        node.await("no word of bad", () -> allRunning(Set.of("c", "d")));
    }

    @Test
    void aBrokenFileAtTheStartKeepsItsPods() throws Exception {
        node.manifest("one.yaml", node.sleeper("a", "1"));
        Process first = node.agent();
        node.await("a pod", () -> node.sleepers().equals(Map.of("a", "1")));
        first.destroyForcibly().waitFor();
        Map<String, Long> pids = node.pids();

        node.manifest("one.yaml", "{");
        node.manifest("two.yaml", node.sleeper("b", "1"));
        node.agent();
        node.await("both pods", () -> node.sleepers().equals(Map.of("a", "1", "b", "1")));
        assertThat(node.pids()).containsAllEntriesOf(pids);
    }

    @Test
    void whatCannotBeSetUpIsFailedAndComesWhenItCan() throws Exception {
        String port = "apiVersion: v1\nkind: Pod\nmetadata: {name: NAME}\nspec: {containers: [{name: c, ports:"
                + " [{containerPort: 80, hostPort: 8080}]}]}\n";
        node.manifest("a.yaml", port.replace("NAME", "a"));
        node.manifest("b.yaml", port.replace("NAME", "b"));
        node.podCidr("10.244.1.0/29");
        node.agent();
        node.await(
                "one has the port",
                () -> node.phase("a").equals("Running") && node.phase("b").equals("Failed"));
        assertThat(node.message("b")).contains("8080");
        for (int i = 0; i < 5; i++) {
            node.manifest("s" + i + ".yaml", node.sleeper("s" + i, "1"));
        }
        // Of 8 addresses the network, the gateway and the broadcast address are no pod's.
        node.await("the pool is full", () -> node.phase("s4").equals("Failed"));
        assertThat(node.message("s4")).contains("no free address");

        node.removeManifest("a.yaml");
        node.await(
                "b gets the port",
                () -> node.phase("b").equals("Running") || node.message("b").contains("no free address"));
    }

    @Test
    void aSecondAgentIsRefused() throws Exception {
        node.manifest("a.yaml", node.sleeper("a", "1"));
        node.agent();
        node.await("a pod", () -> node.pids().size() == 1);

        TestNode.Outcome second = node.agentInside(List.of());

        assertThat(second.code()).isEqualTo(1);
        assertThat(second.err())
                .isEqualTo("state directory " + node.state()
                        + " is in use by another Podnet; stop it, or choose another directory\n");
    }

    @Test
    void withoutThePrivilegeNothingIsChanged() throws Exception {
        node.manifest("a.yaml", node.sleeper("a", "1"));

        TestNode.Outcome withoutOne = node.agentInside(List.of("setpriv", "--bounding-set=-net_admin"));
        assertThat(withoutOne.code()).isEqualTo(1);
        assertThat(withoutOne.err()).contains("CAP_NET_ADMIN").containsOnlyOnce("\n");

        // A new user namespace has no capability over the network namespace it was entered with.
        TestNode.Outcome withoutAny = node.agentInside(List.of("unshare", "--user", "--map-root-user"));
        assertThat(withoutAny.code()).isEqualTo(1);
        assertThat(withoutAny.err()).contains("run as root, or with CAP_").containsOnlyOnce("\n");

        assertThat(node.onNode("ip", "-o", "link").lines()).hasSize(1);
        assertThat(node.pods()).isEmpty();
    }

    @Test
    void aBridgeWithAForeignAddressIsNotTaken() throws Exception {
        node.manifest("a.yaml", node.sleeper("a", "1"));
        node.onNode("ip", "link", "add", "cbr0", "type", "bridge");
        node.onNode("ip", "address", "add", "192.0.2.1/24", "dev", "cbr0");

        TestNode.Outcome outcome = node.agentInside(List.of());

        assertThat(outcome.code()).isIn(1, 2);
        assertThat(outcome.err()).contains("cbr0").contains("192.0.2.1").containsOnlyOnce("\n");
        assertThat(node.onNode("ip", "-o", "-4", "address", "show", "cbr0"))
                .contains("192.0.2.1/24")
                .doesNotContain("10.244.1.1");
        assertThat(node.onNode("ip", "-o", "link").lines()).hasSize(2);
        node.onNode("ip", "link", "delete", "cbr0");
    }

    @Test
    void onceBringsUpWhatTheManifestsSay() throws Exception {
        node.manifest("a.yaml", node.sleeper("a", "1") + node.sleeper("b", "1"));

        TestNode.Outcome outcome = node.agentInside(List.of(), "--once");

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(node.sleepers()).isEqualTo(Map.of("a", "1", "b", "1"));

        node.manifest("b.yaml", "{");
        assertThat(node.agentInside(List.of(), "--once").code()).isEqualTo(2);
        assertThat(node.sleepers()).isEqualTo(Map.of("a", "1", "b", "1"));

        node.removeManifest("b.yaml");
        node.removeManifest("a.yaml");
        assertThat(node.agentInside(List.of(), "--once").code()).isZero();
        assertThat(node.pods()).isEmpty();
        assertThat(node.sleepers()).isEmpty();
    }
}
