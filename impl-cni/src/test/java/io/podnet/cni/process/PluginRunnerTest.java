package io.podnet.cni.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.MetricsListener;
import io.podnet.api.Phase;
import io.podnet.api.PodnetException;
import io.podnet.cni.spec.CniArgs;
import io.podnet.cni.spec.CniCommand;
import io.podnet.cni.spec.CniEnvironment;
import io.podnet.cni.spec.JsonObject;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NetworkNamespace;
import io.podnet.spi.telemetry.Telemetry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way in which a plugin ends, and what it is given. */
class PluginRunnerTest {
    private static final PluginLimits LIMITS = new PluginLimits(Duration.ofSeconds(30), 100_000, 10_000);

    @TempDir
    Path directory;

    private Scripts scripts;

    @BeforeEach
    void makeDirectory() throws IOException {
        scripts = new Scripts(directory.resolve("bin"));
    }

    private PluginRunner runner(PluginLimits limits) {
        return new PluginRunner(Optional.empty(), new PluginPath(List.of(scripts.directory()), true), limits);
    }

    private CniEnvironment add() {
        return new CniEnvironment(
                CniCommand.ADD,
                "c1",
                "/run/netns/x",
                "eth0",
                CniArgs.parse("K=V"),
                List.of(scripts.directory().toString()),
                false);
    }

    private JsonObject ask(String body) throws IOException {
        scripts.plugin("p", body);
        return runner(LIMITS).ask("p", add(), JsonObject.parse("stdin", "{\"name\":\"n\"}"));
    }

    private PodnetException.PluginFailed failure(String body) throws IOException {
        scripts.plugin("p", body);
        List<PodnetException.PluginFailed> failures = new java.util.ArrayList<>();
        assertThatThrownBy(() -> runner(LIMITS).ask("p", add(), JsonObject.EMPTY))
                .isInstanceOfSatisfying(PodnetException.PluginFailed.class, failures::add)
                .hasMessageContaining("CNI plugin 'p' (ADD of c1/eth0)");
        return failures.get(0);
    }

    @Test
    void reportsEachCall() throws IOException {
        scripts.plugin("p", "cat");
        scripts.plugin("q", "exit 1");
        List<String> told = new java.util.ArrayList<>();
        Telemetry telemetry = new Telemetry("node-a", Optional.of(new MetricsListener() {
            @Override
            public void onPhase(Phase phase, Outcome outcome, Duration took) {
                told.add(phase + " " + outcome.text());
            }
        }));
        PluginRunner runner = new PluginRunner(
                Optional.empty(), new PluginPath(List.of(scripts.directory()), true), LIMITS, telemetry);
        runner.ask("p", add(), JsonObject.EMPTY);
        assertThatThrownBy(() -> runner.ask("q", add(), JsonObject.EMPTY))
                .isInstanceOf(PodnetException.PluginFailed.class);
        assertThat(told).containsExactly("cni-call succeeded", "cni-call failed");
    }

    @Test
    void readsAnAnswer() throws IOException {
        assertThat(ask("cat")).hasToString("{\"name\":\"n\"}");
        assertThat(ask("echo null")).isEqualTo(JsonObject.EMPTY);
        assertThat(ask("echo for people >&2; echo '{}'")).isEqualTo(JsonObject.EMPTY);
    }

    @Test
    void readsAnErrorInTheSpecificationsForm() throws IOException {
        PodnetException.PluginFailed failed = failure(
                "echo '{\"cniVersion\":\"1.0.0\",\"code\":11,\"msg\":\"busy\",\"details\":\"so much\"}'; exit 1");
        assertThat(failed.code()).isEqualTo(11);
        assertThat(failed.retryable()).isTrue();
        assertThat(failed).hasMessageContaining("busy; so much (CNI code 11)");
    }

    @Test
    void readsAnErrorOfAPluginThatEndsWell() throws IOException {
        assertThat(failure("echo '{\"code\":7,\"msg\":\"bad\"}'").code()).isEqualTo(7);
    }

    @Test
    void copesWithNoOutput() throws IOException {
        assertThat(failure("exit 3")).hasMessageContaining("ended with exit status 3 and printed nothing");
        assertThat(failure("exit 0")).hasMessageContaining("succeeded").hasMessageContaining("empty");
        assertThat(failure("echo 'no such bridge' >&2; exit 1")).hasMessageContaining("no such bridge");
    }

    @Test
    void copesWithOutputThatIsNoJson() throws IOException {
        assertThat(failure("echo 'panic: oh no'; exit 2"))
                .hasMessageContaining("printed no CNI error but 'panic: oh no'");
        assertThat(failure("echo 'all fine'")).hasMessageContaining("no JSON").hasMessageContaining("all fine");
        assertThat(failure("printf '{\"a\":'")).hasMessageContaining("no JSON");
        assertThat(failure("echo '[]'; exit 1")).hasMessageContaining("exit status 1");
        // A result and a bad status: the status counts.
        assertThat(failure("echo '{\"cniVersion\":\"1.0.0\"}'; exit 1")).hasMessageContaining("exit status 1");
    }

    @Test
    void copesWithASignal() throws IOException {
        assertThat(failure("kill -SEGV $$")).hasMessageContaining("was ended by signal 11");
    }

    @Test
    void boundsWhatItReads() throws IOException {
        assertThat(failure("while :; do echo '{\"x\":\"0123456789012345678901234567890123456789\"}'; done"))
                .hasMessageContaining("more than 100000 bytes");
        assertThat(ask("i=0; while [ $i -lt 3000 ]; do echo 01234567890123456789 >&2; i=$((i+1)); done; echo '{}'"))
                .isEqualTo(JsonObject.EMPTY);
        assertThat(failure("yes '{\"a\":' | head -c 5000; exit 1")).hasMessageContaining("exit status 1");
    }

    @Test
    void killsAPluginAndWhatItStartedWhenTheTimeIsOver() throws IOException {
        Path pids = directory.resolve("pids");
        scripts.plugin("p", "sleep 1000 & echo $! > " + pids + "; echo waiting >&2; sleep 1001");
        PluginRunner runner = runner(new PluginLimits(Duration.ofMillis(700), 100, 100));
        assertThatThrownBy(() -> runner.ask("p", add(), JsonObject.EMPTY))
                .isInstanceOf(PodnetException.TimedOut.class)
                .hasMessageContaining("did not end within 700 ms and was killed")
                .hasMessageContaining("waiting");
        long child = Long.parseLong(Files.readString(pids).trim());
        // Killed, and its parent with it: it is gone as soon as somebody reaps it.
        long end = System.nanoTime() + 20_000_000_000L;
        while (isRunning(child) && System.nanoTime() < end) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(isRunning(child)).isFalse();
    }

    private static boolean isRunning(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void killsAPluginWhoseCallerIsInterrupted() throws Exception {
        scripts.plugin("p", "sleep 1000");
        List<Throwable> thrown = new java.util.concurrent.CopyOnWriteArrayList<>();
        Thread caller = new Thread(() -> {
            try {
                runner(LIMITS).ask("p", add(), JsonObject.EMPTY);
            } catch (PodnetException e) {
                thrown.add(e);
                thrown.add(new Throwable("interrupted " + Thread.currentThread().isInterrupted()));
            }
        });
        caller.start();
        caller.interrupt();
        caller.join(20_000);
        assertThat(thrown).hasSize(2);
        assertThat(thrown.get(0)).isInstanceOf(PodnetException.TimedOut.class).hasMessageContaining("interrupted");
        assertThat(thrown.get(1)).hasMessage("interrupted true");
    }

    @Test
    void doesNotWaitForADaemonThatAPluginLeavesBehind() throws IOException {
        Path pid = directory.resolve("pid");
        assertThat(ask("setsid sleep 100 & echo $! > " + pid + "; echo '{}'")).isEqualTo(JsonObject.EMPTY);
        ProcessHandle.of(Long.parseLong(Files.readString(pid).trim())).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void feedsAPluginThatReadsNothingOrMuch() throws IOException {
        JsonObject large = JsonObject.EMPTY.with("x", "y".repeat(300_000));
        scripts.plugin("deaf", "exec 0<&-; sleep 0.05; echo '{}'");
        scripts.plugin("count", "printf '{\"bytes\":%s}' $(wc -c)");
        assertThat(runner(LIMITS).ask("deaf", add(), large)).isEqualTo(JsonObject.EMPTY);
        assertThat(runner(LIMITS).ask("count", add(), large).number("bytes", 0)).isEqualTo(300_008);
    }

    @Test
    void givesAMinimalEnvironmentAndNoDescriptors() throws IOException {
        scripts.plugin(
                "p",
                "exec 9>&-; { env | sort; echo \"cwd=$(pwd)\"; ls /proc/self/fd; } > " + directory.resolve("seen")
                        + "; echo '{}'");
        try (OutputStream open = Files.newOutputStream(directory.resolve("secret"))) {
            open.write(1);
            runner(LIMITS).tell("p", add(), JsonObject.EMPTY);
        }
        // PWD and the like are the shell's own; 3 is the directory that ls reads.
        assertThat(Files.readAllLines(directory.resolve("seen")))
                .filteredOn(line -> !line.startsWith("PWD=") && !line.startsWith("OLDPWD=") && !line.startsWith("_="))
                .filteredOn(line -> !line.startsWith("SHLVL="))
                .containsExactly(
                        "CNI_ARGS=K=V",
                        "CNI_COMMAND=ADD",
                        "CNI_CONTAINERID=c1",
                        "CNI_IFNAME=eth0",
                        "CNI_NETNS=/run/netns/x",
                        "CNI_PATH=" + scripts.directory(),
                        "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                        "cwd=/",
                        "0",
                        "1",
                        "2",
                        "3");
    }

    @Test
    void startsInTheGivenNamespace() throws IOException {
        scripts.plugin("p", "printf '{\"ns\":\"%s\"}' $(readlink /proc/self/ns/net)");
        try (NamespaceThreads threads = new NamespaceThreads();
                NetworkNamespace node = threads.makeUnpinned()) {
            PluginRunner runner =
                    new PluginRunner(Optional.of(node), new PluginPath(List.of(scripts.directory()), true), LIMITS);
            assertThat(runner.ask("p", add(), JsonObject.EMPTY).text("ns")).contains("net:[" + node.inode() + "]");
            assertThat(Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net"))
                            .toString())
                    .isNotEqualTo("net:[" + node.inode() + "]");
        }
        assertThat(ask("printf '{\"ns\":\"%s\"}' $(readlink /proc/self/ns/net)").text("ns"))
                .contains(Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net"))
                        .toString());
    }

    @Test
    void waitsForAnExecutableThatIsBeingWritten() throws Exception {
        Path busy = scripts.plugin("p", "");
        Files.copy(Path.of("/bin/true"), busy, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Thread writer;
        try (OutputStream open = Files.newOutputStream(busy, java.nio.file.StandardOpenOption.APPEND)) {
            writer = new Thread(() -> LockSupport.parkNanos(300_000_000));
            writer.start();
            Thread closer = new Thread(() -> {
                try {
                    writer.join();
                    open.close();
                } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            closer.start();
            runner(LIMITS).tell("p", add(), JsonObject.EMPTY);
            closer.join();
        }
    }

    @Test
    void saysWhyAPluginCannotBeStarted() throws IOException {
        scripts.plugin("p", "");
        Files.writeString(scripts.directory().resolve("p"), "#!/no/such/interpreter\n");
        assertThatThrownBy(() -> runner(LIMITS).ask("p", add(), JsonObject.EMPTY))
                .isInstanceOf(PodnetException.PluginFailed.class)
                .hasMessageContaining("could not be started");
        assertThatThrownBy(() -> runner(LIMITS).ask("absent", add(), JsonObject.EMPTY))
                .isInstanceOf(PodnetException.NotFound.class)
                .hasMessageContaining(scripts.directory().toString());
    }
}
