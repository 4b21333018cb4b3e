package io.podnet.examples.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProcFsTest {
    private final ProcFs processes = new ProcFs();

    @Test
    void aChildIsFoundReadAndEnded() throws IOException, InterruptedException {
        long before = processes.nowTicks();
        ProcessBuilder builder = new ProcessBuilder("sleep", "60");
        builder.environment().put(ContainerCommand.MARKER, "box/c/1");
        Process child = builder.start();
        try {
            ProcessTable.Entry entry = processes.find(child.pid()).orElseThrow();
            assertThat(entry.parent()).isEqualTo(ProcessHandle.current().pid());
            // Both clocks count from boot, in hundredths of a second.
            assertThat(entry.startTicks()).isBetween(before - 1, processes.nowTicks() + 1);
            assertThat(processes.all()).contains(entry);
            assertThat(processes.variable(child.pid(), ContainerCommand.MARKER)).contains("box/c/1");
            assertThat(processes.variable(child.pid(), "PODNET")).isEmpty();

            processes.send(new ProcessTable.Entry(child.pid(), 1, entry.startTicks() - 1), ProcessTable.Signal.KILL);
            assertThat(child.isAlive())
                    .as("another start time is another process")
                    .isTrue();

            processes.send(entry, ProcessTable.Signal.TERM);
            assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(child.exitValue()).isEqualTo(128 + 15);
            assertThat(processes.find(child.pid())).isEmpty();
        } finally {
            child.destroyForcibly();
        }
    }
}
