package io.podnet.examples.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TerminationTest {
    private final FakeProcesses processes = new FakeProcesses();
    private final FakeSandbox sandbox = new FakeSandbox(processes);
    private final ManualClock clock = new ManualClock();

    private ProcessTable.Entry process(long pid) {
        sandbox.contains(pid);
        return processes.add(pid, 1, 10, "", "/bin/x");
    }

    private Termination begin(ProcessTable.Entry... containers) {
        return Termination.begin(sandbox, processes, clock, List.of(containers), Duration.ofSeconds(5));
    }

    @Test
    void aContainerThatObeysIsNotKilled() {
        Termination termination = begin(process(1000));
        assertThat(termination.isOver()).isTrue();
        assertThat(processes.signals()).containsExactly("TERM 1000");
    }

    @Test
    void aDeafContainerIsKilledAfterItsGrace() {
        processes.ignoresTerm(1000);
        Termination termination = begin(process(1000));
        assertThat(termination.isOver()).isFalse();
        clock.advance(Duration.ofMillis(4_999));
        assertThat(termination.isOver()).isFalse();
        assertThat(processes.signals()).containsExactly("TERM 1000");

        clock.advance(Duration.ofMillis(1));
        assertThat(termination.isOver()).isFalse();
        assertThat(processes.signals()).contains("KILL 1000");
        assertThat(termination.isOver()).isTrue();
    }

    @Test
    void everythingElseInThePodGoesWithItsContainers() {
        process(2000);
        Termination termination = begin(process(1000));
        assertThat(termination.isOver()).isFalse();
        assertThat(processes.signals()).containsExactly("TERM 1000", "KILL 2000");
        assertThat(termination.isOver()).isTrue();
    }

    @Test
    void thisVeryProcessIsNeverKilled() {
        process(ProcessHandle.current().pid());
        assertThat(begin().isOver()).isTrue();
        assertThat(processes.signals()).isEmpty();
    }
}
