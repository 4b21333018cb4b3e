package io.podnet.netlink.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.namespace.MadeNamespaces;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NewNamespaces;
import io.podnet.netlink.namespace.ThreadsAtHome;
import io.podnet.spi.PodSandbox;
import io.podnet.spi.PodSandbox.Command;
import io.podnet.spi.Sandboxes;
import io.podnet.spi.Sandboxes.Pins;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodProcessTest {
    private static final int MNT_DETACH = 2;

    private final Sandboxes sandboxes = new LinuxSandboxProvider().create();

    @TempDir
    Path temporary;

    private Pins pins;
    private PodSandbox pod;

    @BeforeEach
    void make() throws IOException {
        pins = pins("web-0");
        pod = sandboxes.create(pins);
        Files.writeString(pod.directory().resolve("hosts"), "127.0.0.1 localhost\n10.244.1.7 web-0 of-the-pod\n");
        Files.writeString(pod.directory().resolve("hostname"), "web-0\n");
        Files.writeString(pod.directory().resolve("resolv.conf"), "nameserver 10.96.0.10\n");
    }

    private Pins pins(String name) {
        return new Pins(temporary.resolve("netns").resolve(name), temporary.resolve("pods/" + name), name);
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        NamespaceProcesses.stopAll(pod.network(), Duration.ZERO);
        assertThat(pod.processes()).isEmpty();
        pod.close();
        sandboxes.remove(pins, 0);
        sandboxes.close();
        Libc.instance().umount2(temporary.resolve("netns").toString(), MNT_DETACH);
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(temporary.toString());
        ThreadsAtHome.assertAll();
    }

    private Process start(PodSandbox where, String... command) {
        return where.start(
                new Command(List.of(command), Map.of("PATH", "/usr/bin:/bin"), Optional.empty(), Optional.empty()));
    }

    /** Runs a command in the pod to its end and gives what it printed. */
    private String output(PodSandbox where, String... command) throws Exception {
        Process process = where.start(new ProcessBuilder(command).redirectErrorStream(true));
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(text).isZero();
        return text.strip();
    }

    @Test
    void seesThePodsFilesAndNamesWhileTheNodeSeesItsOwn() throws Exception {
        String nodeHosts = Files.readString(Path.of("/etc/hosts"));
        assertThat(output(pod, "cat", "/etc/hosts")).contains("10.244.1.7 web-0 of-the-pod");
        assertThat(output(pod, "cat", "/etc/hostname")).isEqualTo("web-0");
        assertThat(output(pod, "cat", "/etc/resolv.conf")).isEqualTo("nameserver 10.96.0.10");
        assertThat(output(pod, "uname", "-n")).isEqualTo("web-0");
        assertThat(output(pod, "getent", "hosts", "of-the-pod")).contains("10.244.1.7");
        assertThat(Files.readString(Path.of("/etc/hosts"))).isEqualTo(nodeHosts).doesNotContain("of-the-pod");
        assertThat(Files.readString(Path.of("/proc/sys/kernel/hostname")).strip())
                .isNotEqualTo("web-0");
    }

    @Test
    void aFileThatIsWrittenInPlaceLaterIsSeen() throws Exception {
        Process reader = pod.start(new ProcessBuilder(
                "sh", "-c", "read line; cat /etc/hosts")); // the test's own text, and one that waits for us
        Files.writeString(pod.directory().resolve("hosts"), "10.244.1.8 moved\n");
        try (var in = reader.getOutputStream()) {
            in.write('\n');
        }
        assertThat(new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("10.244.1.8 moved");
        assertThat(reader.waitFor()).isZero();
    }

    @Test
    void filesThatThePodLacksAreTheNodes() throws Exception {
        Files.delete(pod.directory().resolve("hosts"));
        assertThat(output(pod, "cat", "/etc/hosts"))
                .isEqualTo(Files.readString(Path.of("/etc/hosts")).strip());
    }

    @Test
    void ipcIsThePodsOwn() throws Exception {
        assertThat(output(pod, "ipcmk", "-Q")).contains("id");
        assertThat(output(pod, "cat", "/proc/sysvipc/msg").lines()).hasSize(2);
        assertThat(Files.readString(Path.of("/proc/sysvipc/msg")).lines()).hasSize(1);
    }

    @Test
    void sharedMemoryIsThePodsOwnAndSharedInIt() throws Exception {
        output(pod, "touch", "/dev/shm/podnet-test");
        assertThat(output(pod, "ls", "/dev/shm")).isEqualTo("podnet-test");
        assertThat(Path.of("/dev/shm/podnet-test")).doesNotExist();
        assertThat(output(pod, "stat", "-c", "%a", "/dev/shm")).isEqualTo("1777");
    }

    @Test
    void twoContainersShareLoopback() throws Exception {
        try (ServerSocketChannel server = pod.openServerSocketChannel()) {
            server.bind(new java.net.InetSocketAddress("127.0.0.1", 8080));
            Process client = start(
                    pod,
                    "python3",
                    "-c",
                    "import socket; socket.create_connection(('127.0.0.1', 8080), 20).sendall(b'hello')");
            try (SocketChannel accepted = server.accept()) {
                ByteBuffer got = ByteBuffer.allocate(5);
                while (got.hasRemaining() && accepted.read(got) >= 0) {
                    assertThat(got.position()).isPositive();
                }
                assertThat(new String(got.array(), StandardCharsets.US_ASCII)).isEqualTo("hello");
            }
            assertThat(client.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(client.exitValue()).isZero();
        }
    }

    @Test
    void oneContainerServesAnother() throws Exception {
        Path ready = temporary.resolve("ready");
        start(
                pod,
                "python3",
                "-c",
                "import socket, sys\n"
                        + "s = socket.create_server(('127.0.0.1', 8081))\n"
                        + "open(sys.argv[1], 'w').close()\n"
                        + "c, _ = s.accept(); c.sendall(b'from the other container')",
                ready.toString());
        Waiting.until("the server listens", () -> Files.exists(ready));
        assertThat(output(
                        pod,
                        "python3",
                        "-c",
                        "import socket; print(socket.create_connection(('127.0.0.1', 8081), 20).recv(99).decode())"))
                .isEqualTo("from the other container");
    }

    @Test
    void thePidIsTheCommandsOwnInASessionOfItsOwn() throws Exception {
        Process process = start(pod, "sleep", "1000");
        Path exe = Path.of("/proc/" + process.pid() + "/exe");
        Waiting.until("sleep runs", () -> Files.readSymbolicLink(exe).endsWith("sleep"));
        assertThat(pod.processes()).containsExactly(process.pid());
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        assertThat(fields[3]).as("session").isEqualTo("" + process.pid());
        process.destroy();
        assertThat(process.waitFor()).isEqualTo(128 + 15);
    }

    @Test
    void environmentDirectoryAndOutputAreAsGivenAndNoShellSeesAnything() throws Exception {
        Path output = temporary.resolve("output");
        Path directory = Files.createDirectory(temporary.resolve("a directory; reboot"));
        Command command = new Command(
                List.of("sh", "-c", "pwd; env; echo \"$1\"; echo oops >&2", "sh", "$(id) `id` ; * --help"),
                Map.of("PATH", "/usr/bin:/bin", "GREETING", "hello $HOME"),
                Optional.of(directory),
                Optional.of(output));
        assertThat(pod.start(command).waitFor()).isZero();
        assertThat(pod.start(command).waitFor()).isZero();
        List<String> lines = Files.readAllLines(output);
        assertThat(lines.subList(0, lines.size() / 2))
                .contains(directory.toString(), "GREETING=hello $HOME", "$(id) `id` ; * --help", "oops")
                .noneMatch(line -> line.startsWith("HOME=") || line.startsWith("uid="));
        assertThat(lines).as("appended").filteredOn("oops"::equals).hasSize(2);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(output)))
                .isEqualTo("rw-------");
    }

    @Test
    void javasOwnBuilderKeepsItsSettings() throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", "pwd; cat; echo $ADDED")
                .directory(temporary.toFile())
                .redirectErrorStream(true);
        builder.environment().put("ADDED", "yes");
        Process process = pod.start(builder);
        try (var in = process.getOutputStream()) {
            in.write("in\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(temporary + "\nin\nyes\n");
        assertThat(builder.command()).startsWith("sh");
        assertThat(output(pod, "pwd")).isEqualTo(Path.of("").toAbsolutePath().toString());
    }

    @Test
    void whatCannotBeStartedSaysSo() {
        for (Command wrong : List.of(
                new Command(List.of("no-such-program"), Map.of(), Optional.empty(), Optional.empty()),
                new Command(List.of("/proc/self/status"), Map.of(), Optional.empty(), Optional.empty()),
                new Command(List.of("ls"), Map.of("PATH", "/etc"), Optional.empty(), Optional.empty()),
                new Command(List.of("true"), Map.of(), Optional.of(Path.of("/nowhere")), Optional.empty()))) {
            assertThatThrownBy(() -> pod.start(wrong)).isInstanceOf(PodnetException.NotFound.class);
        }
        assertThatThrownBy(() -> start(pod, "/proc/self/status")).hasMessageContaining("not executable");
        assertThatThrownBy(() -> start(pod, "/etc")).hasMessageContaining("no regular file");
        assertThatThrownBy(() -> pod.start(new ProcessBuilder())).isInstanceOf(PodnetException.Invalid.class);
        assertThatThrownBy(() -> pod.start(new ProcessBuilder(""))).isInstanceOf(PodnetException.Invalid.class);
        assertThatThrownBy(() ->
                        pod.start(new Command(List.of("true"), Map.of("A=B", "c"), Optional.empty(), Optional.empty())))
                .isInstanceOf(PodnetException.Invalid.class);
        assertThatThrownBy(() -> pod.start(new Command(
                        List.of("true"), Map.of(), Optional.empty(), Optional.of(Path.of("/proc/nowhere")))))
                .isInstanceOf(PodnetException.StateFailure.class);
    }

    @Test
    void aProcessHoldsNothingOfOtherPods() throws Exception {
        Pins other = pins("web-1");
        try (PodSandbox neighbour = sandboxes.create(other)) {
            Process process = start(pod, "sleep", "1000");
            List<String> mounts = Files.readAllLines(Path.of("/proc/" + process.pid() + "/mountinfo"));
            // Of the pods below this test's directory: the machine may hold others.
            assertThat(mounts).noneMatch(line -> line.contains(" nsfs ") && line.contains(temporary.toString()));
            assertThat(mounts.stream()
                            .filter(line -> line.contains(SharedMemory.SOURCE) && line.contains(" /dev/shm ")))
                    .hasSize(1);
            assertThat(mounts).noneMatch(line -> line.contains("shared:") || line.contains("master:"));
            assertThat(output(neighbour, "uname", "-n")).isEqualTo("web-1");
            assertThat(neighbour.processes()).isEmpty();
        } finally {
            sandboxes.remove(other, 0);
        }
        assertThat(output(pod, "ls", "/dev/shm")).isEmpty();
    }

    @Test
    void aJoinedNetworkGetsFilesButNoNames() throws Exception {
        Path directory = temporary.resolve("joined");
        Process pause = start(pod, "sleep", "1000");
        try (PodSandbox joined = sandboxes.join(Path.of("/proc/" + pause.pid() + "/ns/net"), directory)) {
            Files.writeString(directory.resolve("hosts"), "10.9.9.9 joined\n");
            assertThat(joined.network().inode()).isEqualTo(pod.network().inode());
            assertThat(output(joined, "cat", "/etc/hosts")).isEqualTo("10.9.9.9 joined");
            assertThat(output(joined, "uname", "-n")).isNotEqualTo("web-0");
            assertThat(joined.processes()).containsExactly(pause.pid());
        }
    }

    @Test
    void aJoinedNetworkThatWasOnlyMadeHasItsLoopbackUp() throws Exception {
        try (NamespaceThreads threads = new NamespaceThreads();
                MadeNamespaces<Boolean> made = threads.make(NewNamespaces.network(), () -> true);
                PodSandbox joined = sandboxes.join(made.network().path(), temporary.resolve("made"))) {
            Files.writeString(temporary.resolve("made/hosts"), "127.0.0.1 localhost\n");
            try (ServerSocketChannel server = joined.openServerSocketChannel();
                    SocketChannel client = joined.openSocketChannel()) {
                server.bind(new InetSocketAddress("127.0.0.1", 0));
                assertThat(client.connect(server.getLocalAddress())).isTrue();
            }
        }
    }

    @Test
    void aClosedSandboxStartsAndOpensNothing() {
        Pins other = pins("closed");
        PodSandbox closed = sandboxes.create(other);
        closed.close();
        try {
            List<ThrowingCallable> calls = List.of(
                    () -> start(closed, "true"),
                    () -> closed.start(new ProcessBuilder("true")),
                    closed::openDatagramChannel,
                    closed::openSocketChannel,
                    closed::openServerSocketChannel);
            for (ThrowingCallable call : calls) {
                assertThatThrownBy(call)
                        .isInstanceOf(PodnetException.Invalid.class)
                        .hasMessageContaining("is closed");
            }
        } finally {
            sandboxes.remove(other, 0);
        }
    }

    @Test
    void stopAsksFirstAndKillsThen() throws Exception {
        Process stubborn = start(pod, "sh", "-c", "trap '' TERM; while :; do sleep 1000; done");
        Process polite = start(pod, "sleep", "1000");
        Waiting.until("all three run", () -> pod.processes().size() == 3);
        RunningProcess recorded = RunningProcess.of(polite.pid()).orElseThrow();
        assertThat(recorded.isRunning()).isTrue();
        NamespaceProcesses.stopAll(pod.network(), Duration.ofMillis(300));
        assertThat(polite.waitFor()).isEqualTo(128 + 15);
        assertThat(stubborn.waitFor()).isEqualTo(128 + 9);
        assertThat(recorded.isRunning()).isFalse();
        recorded.stop(Duration.ofSeconds(5));
        assertThat(pod.processes()).isEmpty();
    }

    @Test
    void aRecycledPidIsNotKilled() throws Exception {
        Process innocent = start(pod, "sleep", "1000");
        RunningProcess now = RunningProcess.of(innocent.pid()).orElseThrow();
        RunningProcess before = new RunningProcess(now.pid(), now.startTicks() - 1);
        assertThat(before.isRunning()).isFalse();
        before.stop(Duration.ofSeconds(1));
        before.stop(Duration.ZERO);
        assertThat(innocent.isAlive()).isTrue();
        now.stop(Duration.ZERO);
        assertThat(innocent.waitFor()).isEqualTo(128 + 9);
        assertThat(RunningProcess.of(innocent.pid())).isEmpty();
    }
}
