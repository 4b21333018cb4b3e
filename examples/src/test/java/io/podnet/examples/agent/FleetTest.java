package io.podnet.examples.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.PodId;
import io.podnet.api.PodnetException;
import io.podnet.examples.container.FakeProcesses;
import io.podnet.examples.container.FakeSandbox;
import io.podnet.examples.container.ManualClock;
import io.podnet.examples.desired.DesiredState;
import io.podnet.examples.manifest.ManifestReader;
import io.podnet.examples.manifest.PodManifest;
import io.podnet.examples.reconcile.PodNode;
import io.podnet.examples.reconcile.Readiness;
import io.podnet.examples.reconcile.RunningPod;
import io.podnet.examples.state.ContainerLogs;
import io.podnet.examples.state.ContainerStatus;
import io.podnet.examples.state.PodStatus;
import io.podnet.examples.state.StatusStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetTest {
    private static final PodId A = new PodId("default", "a");
    private static final PodId B = new PodId("default", "b");

    /** A node with room for a number of pods. */
    private static final class FakeNode implements PodNode {
        private final Map<PodId, RunningPod> pods = new TreeMap<>();
        private final Set<PodId> stuck = new HashSet<>();
        private final FakeProcesses processes;
        private final List<String> told = new ArrayList<>();
        private int room = 10;
        private int made;

        FakeNode(FakeProcesses processes) {
            this.processes = processes;
        }

        @Override
        public List<RunningPod> pods() {
            return List.copyOf(pods.values());
        }

        @Override
        public RunningPod setUp(PodManifest manifest) {
            if (pods.size() >= room) {
                throw new PodnetException.PoolExhausted("pool", room, room, 0);
            }
            made++;
            RunningPod pod = new RunningPod(
                    manifest.id(),
                    "box" + made,
                    manifest.hash(),
                    List.of("10.0.0." + made),
                    new FakeSandbox(processes));
            pods.put(manifest.id(), pod);
            return pod;
        }

        @Override
        public void setReadiness(PodId pod, Readiness readiness) {
            told.add(pod.name() + " " + readiness);
        }

        @Override
        public void terminating(PodId pod) {
            told.add(pod.name() + " terminating");
        }

        @Override
        public void tearDownAll(Collection<PodId> ids) {
            if (!Collections.disjoint(stuck, ids)) {
                throw new PodnetException.Incomplete("veth stays", List.of(new IllegalStateException("x")));
            }
            pods.keySet().removeAll(ids);
        }

        @Override
        public void removeAll() {
            pods.clear();
        }

        @Override
        public void close() {}
    }

    @TempDir
    Path state = Path.of("");

    private final FakeProcesses processes = new FakeProcesses();
    private final ManualClock clock = new ManualClock();
    private final FakeNode node = new FakeNode(processes);
    private DesiredState desired = DesiredState.merge(new TreeMap<>(), Map.of());
    private Fleet fleet = new Fleet(node, new StatusStore(state), around("boot"), () -> {});

    @BeforeEach
    void freshFleet() {
        fleet = newFleet("boot");
    }

    private Surroundings around(String bootId) {
        return new Surroundings(
                "node-a", "cluster.local", new ContainerLogs(state), processes, clock, bootId, Map.of());
    }

    private Fleet newFleet(String bootId) {
        return new Fleet(node, new StatusStore(state), around(bootId), () -> {});
    }

    private static String pod(String name, String command) {
        return "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name + "}\nspec: {containers: [{name: c, command: ["
                + command + "]}]}\n---\n";
    }

    private void converge(String text) {
        desired = DesiredState.merge(
                new TreeMap<>(Map.of("f.yaml", ManifestReader.read("f.yaml", text))), desired.objects());
        converge();
    }

    private void converge() {
        do {
            fleet.apply(desired);
        } while (fleet.tick());
        fleet.publish(desired);
    }

    private Map<PodId, PodStatus> statuses() {
        Map<PodId, PodStatus> statuses = new TreeMap<>();
        new StatusStore(state).list().forEach(status -> statuses.put(status.id(), status));
        return statuses;
    }

    private PodStatus status(PodId id) {
        return statuses().getOrDefault(id, PodStatus.of(id, "absent", ""));
    }

    @Test
    void podsComeChangeAndGo() {
        converge(pod("a", "work") + pod("b", "work"));
        assertThat(node.pods).containsOnlyKeys(A, B);
        assertThat(status(A).phase()).isEqualTo("Running");
        assertThat(status(A).containers().get(0).state()).isEqualTo(ContainerStatus.State.RUNNING);
        String first = status(A).sandboxId();

        converge(pod("a", "other") + pod("b", "work"));
        assertThat(status(A).sandboxId()).isNotEqualTo(first);

        converge("");
        assertThat(node.pods).isEmpty();
        assertThat(statuses()).isEmpty();
        assertThat(processes.all()).isEmpty();
    }

    @Test
    void aPodThatDoesNotFitIsFailedAndComesWhenThereIsRoom() {
        node.room = 1;
        converge(pod("a", "work") + pod("b", "work"));
        assertThat(status(B).phase()).isEqualTo("Failed");
        assertThat(status(B).message()).contains("no free address in pool");
        assertThat(fleet.due()).contains(clock.instant().plusSeconds(1));

        converge(pod("b", "work"));
        assertThat(node.pods).containsOnlyKeys(B);
        assertThat(status(B).phase()).isEqualTo("Running");
    }

    @Test
    void aMalformedPodIsFailedAndAMalformedVersionIsARemark() {
        converge(pod("a", "work"));
        converge(pod("a", "{}") + pod("b", "{}"));

        assertThat(node.pods).containsOnlyKeys(A);
        assertThat(status(A).phase()).isEqualTo("Running");
        assertThat(status(A).message()).contains("f.yaml:4:");
        assertThat(status(B).phase()).isEqualTo("Failed");
        assertThat(status(B).message()).contains("f.yaml:9:");

        converge(pod("a", "work"));
        assertThat(status(A).message()).isEmpty();
        assertThat(statuses()).containsOnlyKeys(A);
    }

    @Test
    void aTearDownThatFailsIsTriedAgain() {
        converge(pod("a", "work"));
        node.stuck.add(A);
        converge("");
        assertThat(status(A).message()).contains("cannot be removed yet: veth stays");

        node.stuck.clear();
        converge();
        assertThat(node.pods).containsOnlyKeys(A);
        clock.advance(Duration.ofSeconds(5));
        converge();
        assertThat(node.pods).isEmpty();
    }

    @Test
    void theNextAgentAdoptsPodsAndProcesses() {
        converge(pod("a", "work") + pod("b", "work"));
        String box = status(A).sandboxId();
        long pid = status(A).containers().get(0).pid();

        fleet = newFleet("boot");
        fleet.recover(desired.pods());
        converge();

        assertThat(status(A).sandboxId()).isEqualTo(box);
        assertThat(status(A).containers().get(0).pid()).isEqualTo(pid);
        assertThat(processes.all()).hasSize(2);
        assertThat(processes.signals()).isEmpty();
    }

    @Test
    void aPodWithoutManifestIsEndedByTheNextAgent() {
        converge(pod("a", "work") + pod("b", "work"));

        fleet = newFleet("boot");
        fleet.recover(desired.pods());
        converge(pod("b", "work"));

        assertThat(node.pods).containsOnlyKeys(B);
        assertThat(processes.all()).hasSize(1);
    }

    @Test
    void whatIsLeftOfAPodThatIsGoneIsKilled() {
        converge(pod("a", "work") + pod("b", "work"));
        node.pods.remove(A);

        fleet = newFleet("boot");
        fleet.recover(desired.pods());

        assertThat(processes.signals()).containsExactly("KILL " + 100);
        converge();
        assertThat(node.pods).containsOnlyKeys(A, B);
        assertThat(processes.all()).hasSize(2);
    }

    @Test
    void pidsOfAnEarlierBootMeanNothing() {
        converge(pod("a", "work"));
        node.pods.clear();

        fleet = newFleet("another boot");
        fleet.recover(desired.pods());

        assertThat(processes.signals()).isEmpty();
    }

    @Test
    void aPodIsReadyWhileItsContainersRunAndGoesInOrder() {
        converge(pod("a", "sleep") + "apiVersion: v1\nkind: Pod\nmetadata: {name: b}\nspec: {containers: []}\n");
        assertThat(node.told).containsExactlyInAnyOrder("a READY", "b READY");
        node.told.clear();

        // The second start in a row waits, so that the pod is seen without its container.
        ((FakeSandbox) node.pods.get(A).sandbox()).exitLast(1);
        fleet.tick();
        ((FakeSandbox) node.pods.get(A).sandbox()).exitLast(1);
        fleet.tick();
        assertThat(node.told).first().isEqualTo("a NOT_READY");
        node.told.clear();

        converge("");
        assertThat(node.told).containsExactlyInAnyOrder("a terminating", "b terminating");
    }
}
