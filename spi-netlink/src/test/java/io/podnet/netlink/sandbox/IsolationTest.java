package io.podnet.netlink.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.namespace.ThreadsAtHome;
import io.podnet.spi.PodSandbox;
import io.podnet.spi.Sandboxes;
import io.podnet.spi.Sandboxes.Pins;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What needs a JVM of its own. */
class IsolationTest {
    @TempDir
    Path temporary;

    private static ProcessBuilder scenario(List<String> before, String... arguments) {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
        command.add(IsolatedScenario.class.getName());
        Stream.of(arguments).forEach(command::add);
        return new ProcessBuilder(command).redirectErrorStream(true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unshare -m --propagation private",
                "unshare -m --propagation slave",
                // What an ordinary user can have: root in a user namespace of its own.
                "unshare -Urnm"
            })
    void wholeLife(String unshare) throws Exception {
        Process process = scenario(List.of(unshare.split(" ")), "whole-life").start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains(IsolatedScenario.PASSED);
    }

    @Test
    void withoutPrivilege() throws Exception {
        Process process = scenario(List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all"), "without-privilege")
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains(IsolatedScenario.PASSED);
    }

    @Test
    void podsOutliveTheJvm() throws Exception {
        Process jvm =
                scenario(List.of(), "start-and-wait", temporary.toString()).start();
        String[] answer;
        try (BufferedReader lines = jvm.inputReader()) {
            String line = lines.readLine();
            while (line != null && !line.matches("\\d+ \\d+")) {
                line = lines.readLine();
            }
            assertThat(line).as("inode and pid").isNotNull();
            answer = line.split(" ");
        } finally {
            jvm.destroyForcibly();
            assertThat(jvm.waitFor()).isEqualTo(128 + 9);
        }
        long inode = Long.parseLong(answer[0]);
        long pid = Long.parseLong(answer[1]);
        Pins pins = IsolatedScenario.pins(temporary);
        try (Sandboxes sandboxes = new LinuxSandboxProvider().create();
                PodSandbox again = sandboxes.open(pins, inode).orElseThrow()) {
            assertThat(RunningProcess.of(pid)).isPresent();
            assertThat(again.processes()).containsExactly(pid);
            Process another = again.start(new ProcessBuilder("uname", "-n"));
            assertThat(another.inputReader().readLine()).isEqualTo("lasting");
            assertThat(another.waitFor()).isZero();
            NamespaceProcesses.stopAll(again.network(), Duration.ofSeconds(5));
            assertThat(RunningProcess.of(pid)).isEmpty();
            sandboxes.remove(pins, inode);
        } finally {
            Libc.instance().umount2(pins.netns().getParent().toString(), 2);
        }
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(temporary.toString());
        ThreadsAtHome.assertAll();
    }
}
