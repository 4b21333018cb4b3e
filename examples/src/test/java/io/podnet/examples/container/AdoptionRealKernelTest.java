package io.podnet.examples.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.examples.manifest.ManifestReader;
import io.podnet.examples.manifest.PodManifest;
import io.podnet.examples.state.ContainerStatus;
import io.podnet.spi.PodSandbox;
import io.podnet.spi.Providers;
import io.podnet.spi.SandboxProvider;
import io.podnet.spi.Sandboxes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An agent that was killed between a container's start and its note, in a real sandbox. */
class AdoptionRealKernelTest {
    private static final String REDIS = "/usr/bin/redis-check-rdb";

    private final ProcFs processes = new ProcFs();
    private final Sandboxes sandboxes = Providers.discover(
                    SandboxProvider.class, AdoptionRealKernelTest.class.getClassLoader())
            .get("linux")
            .create();
    private Path work = Path.of("");
    private Sandboxes.Pins pins = new Sandboxes.Pins(work, work, "p");
    private PodSandbox sandbox = new FakeSandbox(new FakeProcesses());

    @BeforeEach
    void makeSandbox() throws IOException {
        work = Files.createTempDirectory("podnet-adoption-test-").toRealPath();
        pins = new Sandboxes.Pins(work.resolve("netns/p"), work.resolve("p"), "p");
        sandbox = sandboxes.create(pins);
    }

    @AfterEach
    void removeSandbox() throws IOException, InterruptedException {
        sandbox.processes().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        long inode = sandbox.network().inode();
        sandbox.close();
        sandboxes.remove(pins, inode);
        sandboxes.close();
        new ProcessBuilder("umount", work.resolve("netns").toString()).start().waitFor();
        try (Stream<Path> files = Files.walk(work)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private PodContainers containers(String command) {
        PodManifest manifest = ManifestReader.read(
                        "f",
                        "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, command: ["
                                + command + "]}]}}")
                .pods()
                .get(0);
        return new PodContainers(
                manifest,
                new Supervision(
                        "box",
                        sandbox,
                        new ContainerCommand(
                                manifest.spec(), "node", "cluster.local", List.of(), Map.of("PATH", "/usr/bin:/bin")),
                        processes,
                        Clock.systemUTC(),
                        work,
                        () -> {},
                        () -> {}));
    }

    /** The note as it is left by an agent that was killed before it knew the pid. */
    private static ContainerStatus forgotten(ContainerStatus running) {
        return new ContainerStatus(
                running.name(),
                ContainerStatus.State.STARTING,
                running.attempt(),
                running.intentTicks(),
                0,
                0,
                running.startedMillis(),
                0,
                0,
                0,
                "");
    }

    @Test
    void aPlainProgramIsFoundByItsMark() {
        PodContainers killed = containers("sleep, '1000'");
        killed.tick();
        ContainerStatus running = killed.statuses().get(0);

        PodContainers next = containers("sleep, '1000'");
        next.adopt(List.of(forgotten(running)));
        next.tick();

        assertThat(next.statuses().get(0).pid()).isEqualTo(running.pid());
        assertThat(next.statuses().get(0).startTicks()).isEqualTo(running.startTicks());
        assertThat(sandbox.processes()).containsExactly(running.pid());
    }

    @Test
    void aProgramThatOverwritesItsEnvironmentIsFoundToo() throws Exception {
        Path redis = Files.createSymbolicLink(work.resolve("redis-server"), Path.of(REDIS));
        String command = redis + ", --save, '', --port, '7777'";
        PodContainers killed = containers(command);
        killed.tick();
        ContainerStatus running = killed.statuses().get(0);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (processes.variable(running.pid(), ContainerCommand.MARKER).isPresent()) {
            assertThat(System.nanoTime()).as("redis sets its title in time").isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(20);
        }

        PodContainers next = containers(command);
        next.adopt(List.of(forgotten(running)));
        next.tick();

        assertThat(next.statuses().get(0).pid()).isEqualTo(running.pid());
        assertThat(sandbox.processes()).containsExactly(running.pid());
    }
}
