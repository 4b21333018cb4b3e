package io.podnet.examples.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.examples.manifest.ManifestReader;
import io.podnet.examples.manifest.PodManifest;
import io.podnet.examples.state.ContainerStatus;
import io.podnet.examples.state.ContainerStatus.State;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PodContainersTest {
    private final FakeProcesses processes = new FakeProcesses();
    private final FakeSandbox sandbox = new FakeSandbox(processes);
    private final ManualClock clock = new ManualClock();
    private final List<State> written = new ArrayList<>();
    private PodContainers pod = containers("Always");

    private PodContainers containers(String policy) {
        PodManifest manifest = ManifestReader.read(
                        "f",
                        "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {restartPolicy: " + policy
                                + ", containers: [{name: c, command: [work, $(X)], env: [{name: X, value: y}]}]}}")
                .pods()
                .get(0);
        Supervision supervision = new Supervision(
                "box",
                sandbox,
                new ContainerCommand(manifest.spec(), "node", "cluster.local", List.of("10.0.0.2"), Map.of()),
                processes,
                clock,
                Path.of("/logs"),
                () -> written.add(pod.statuses().get(0).state()),
                () -> {});
        return new PodContainers(manifest, supervision);
    }

    private ContainerStatus status() {
        return pod.statuses().get(0);
    }

    private Duration untilNextStart() {
        return Duration.between(clock.instant(), Instant.ofEpochMilli(status().notBeforeMillis()));
    }

    @Test
    void theStartIsWrittenDownBeforeThereIsAProcess() {
        pod.tick();

        assertThat(written).containsExactly(State.STARTING, State.RUNNING);
        assertThat(sandbox.started()).hasSize(1);
        assertThat(sandbox.started().get(0).command()).containsExactly("work", "y");
        assertThat(sandbox.started().get(0).environment()).containsEntry(ContainerCommand.MARKER, "box/c/1");
        assertThat(sandbox.started().get(0).output()).contains(Path.of("/logs/c.log"));
        assertThat(status().pid()).isEqualTo(100);
    }

    @Test
    void aContainerThatKeepsEndingWaitsLongerEachTime() {
        List<Long> delays = new ArrayList<>();
        pod.tick();
        for (int i = 0; i < 8; i++) {
            sandbox.exitLast(1);
            pod.tick();
            Duration delay = status().state() == State.WAITING ? untilNextStart() : Duration.ZERO;
            delays.add(delay.toSeconds());
            clock.advance(delay);
            pod.tick();
            assertThat(status().state()).isEqualTo(State.RUNNING);
        }
        assertThat(delays).containsExactly(0L, 10L, 20L, 40L, 80L, 160L, 300L, 300L);
        assertThat(sandbox.started()).hasSize(9);
    }

    @Test
    void beforeItsTimeNothingIsStarted() {
        pod.tick();
        sandbox.exitLast(1);
        pod.tick();
        sandbox.exitLast(1);
        pod.tick();

        clock.advance(Duration.ofMillis(9_999));
        pod.tick();
        assertThat(sandbox.started()).hasSize(2);
        assertThat(pod.due()).contains(clock.instant().plusMillis(1));

        clock.advance(Duration.ofMillis(1));
        pod.tick();
        assertThat(sandbox.started()).hasSize(3);
    }

    @Test
    void tenGoodMinutesForgiveTheEarlierEnds() {
        pod.tick();
        sandbox.exitLast(1);
        pod.tick();
        clock.advance(Duration.ofMinutes(10));
        sandbox.exitLast(1);
        pod.tick();

        assertThat(sandbox.started()).hasSize(3);
        assertThat(status().state()).isEqualTo(State.RUNNING);
    }

    @Test
    void onFailureStartsAgainOnlyAfterAFailure() {
        pod = containers("OnFailure");
        pod.tick();
        sandbox.exitLast(3);
        pod.tick();
        assertThat(sandbox.started()).hasSize(2);

        sandbox.exitLast(0);
        pod.tick();
        assertThat(status().state()).isEqualTo(State.ENDED);
        assertThat(pod.phase()).isEqualTo("Succeeded");
        assertThat(pod.message()).isEmpty();
    }

    @Test
    void neverStartsOnlyOnce() {
        pod = containers("Never");
        pod.tick();
        sandbox.exitLast(3);
        pod.tick();
        clock.advance(Duration.ofHours(1));
        pod.tick();

        assertThat(sandbox.started()).hasSize(1);
        assertThat(pod.phase()).isEqualTo("Failed");
        assertThat(pod.message()).isEqualTo("container c exited with code 3, output in /logs/c.log");
        assertThat(pod.due()).isEmpty();
    }

    @Test
    void aProgramThatCannotBeStartedIsTriedAgain() {
        sandbox.breakStarts(true);
        pod.tick();
        assertThat(pod.message()).contains("cannot be started: nsenter is missing");
        pod.tick();
        assertThat(untilNextStart()).isEqualTo(Duration.ofSeconds(10));

        sandbox.breakStarts(false);
        clock.advance(Duration.ofSeconds(10));
        pod.tick();
        assertThat(pod.phase()).isEqualTo("Running");
        assertThat(pod.message()).isEmpty();
    }

    @Test
    void aRecordedProcessIsAdoptedAndItsEndIsNoticed() {
        ProcessTable.Entry process = processes.add(50, 1, 700, "box/c/4", "/bin/work");
        pod.adopt(List.of(ContainerStatus.fresh("c").starting(690, 0).running(50, 700)));
        pod.tick();
        assertThat(sandbox.started()).isEmpty();
        assertThat(pod.processes()).containsExactly(process);
        assertThat(pod.due()).isNotEmpty();

        processes.end(50);
        pod.tick();
        assertThat(sandbox.started()).hasSize(1);
        assertThat(sandbox.started().get(0).environment()).containsEntry(ContainerCommand.MARKER, "box/c/2");
    }

    @Test
    void anotherProcessWithTheRecordedPidIsNotAdopted() {
        processes.add(50, 1, 999, "", "/bin/other");
        pod.adopt(List.of(ContainerStatus.fresh("c").starting(690, 0).running(50, 700)));
        pod.tick();
        assertThat(sandbox.started()).hasSize(1);
        assertThat(processes.signals()).isEmpty();
    }

    @Test
    void aStartWhoseProcessWasNotWrittenDownIsFoundByItsMark() {
        processes.add(60, 1, 800, "box/c/1", "/bin/work");
        processes.add(61, 60, 801, "box/c/1", "/bin/work");
        processes.add(62, 1, 800, "box/c/2", "/bin/work");
        pod.adopt(List.of(ContainerStatus.fresh("c").starting(790, 0)));
        pod.tick();

        assertThat(sandbox.started()).isEmpty();
        assertThat(status().pid()).isEqualTo(60);
        assertThat(written).contains(State.RUNNING);
    }

    @Test
    void aStartWithoutAProcessIsMadeAgain() {
        processes.add(60, 1, 800, "other/c/1", "/bin/work");
        pod.adopt(List.of(ContainerStatus.fresh("c").starting(790, 0)));
        pod.tick();

        assertThat(sandbox.started()).hasSize(1);
        assertThat(sandbox.started().get(0).environment()).containsEntry(ContainerCommand.MARKER, "box/c/2");
    }

    @Test
    void whatAnEndedContainerLeftRunningIsKilledBeforeTheNextStart() {
        pod.tick();
        processes.add(70, 100, 1001, "box/c/1", "/bin/helper");
        processes.add(71, 1, 1001, "", "/bin/tcpdump");
        sandbox.contains(70);
        sandbox.contains(71);
        sandbox.exitLast(0);
        pod.tick();

        assertThat(processes.signals()).containsExactly("KILL 70");
        assertThat(sandbox.started()).hasSize(2);
    }
}
