package io.podnet.netlink.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NetworkNamespace;
import io.podnet.netlink.namespace.PinDirectory;
import io.podnet.netlink.namespace.ThreadsAtHome;
import io.podnet.netlink.sysctl.SysctlKey;
import io.podnet.netlink.sysctl.Sysctls;
import io.podnet.spi.PodSandbox;
import io.podnet.spi.PodSandbox.Command;
import io.podnet.spi.Sandboxes;
import io.podnet.spi.Sandboxes.Pins;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@link IsolationTest} runs in a JVM of its own: in other namespaces, or to be killed. */
public final class IsolatedScenario {
    static final String PASSED = "scenario passed";

    private IsolatedScenario() {}

    /** Runs the scenario that the first argument names. */
    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "whole-life" -> wholeLife();
            case "without-privilege" -> withoutPrivilege();
            case "start-and-wait" -> startAndWait(pins(Path.of(arguments[1])));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    static Pins pins(Path root) {
        return new Pins(root.resolve("netns/lasting"), root.resolve("pods/lasting"), "lasting");
    }

    /** In a mount namespace that dies with this process: makes, uses and removes a sandbox at the default places. */
    private static void wholeLife() throws Exception {
        assertThat(Libc.instance().mount("none", "/run", "tmpfs", 0)).isZero();
        // What the machine has mounted below /run is listed still, though nobody can reach it.
        List<String> hidden = mountsBelowRun();
        Pins pins = new Pins(PinDirectory.DEFAULT.resolve("web"), Path.of("/run/pods/web"), "web");
        try (Sandboxes sandboxes = new LinuxSandboxProvider().create();
                NamespaceThreads threads = new NamespaceThreads()) {
            long inode;
            try (PodSandbox pod = sandboxes.create(pins)) {
                inode = pod.network().inode();
                Files.writeString(pod.directory().resolve("hosts"), "10.1.2.3 web\n");
                assertThat(output(pod.start(builder("cat", "/etc/hosts")))).isEqualTo("10.1.2.3 web");
                assertThat(output(pod.start(builder("uname", "-n")))).isEqualTo("web");
                assertThat(output(builder("ip", "netns", "list").start())).isEqualTo("web");
                assertThat(output(builder("ip", "netns", "exec", "web", "readlink", "/proc/self/ns/net")
                                .start()))
                        .isEqualTo("net:[" + inode + "]");
                loopback(pod);
                SysctlKey forward = SysctlKey.of("net", "ipv4", "ip_forward");
                assertThat(Sysctls.in(threads, pod.network())
                                .write(forward, "1")
                                .existed())
                        .isTrue();
                Process lasting = pod.start(new Command(
                        List.of("sleep", "1000"), Map.of("PATH", "/usr/bin:/bin"), Optional.empty(), Optional.empty()));
                assertThat(pod.processes()).containsExactly(lasting.pid());
                NamespaceProcesses.stopAll(pod.network(), Duration.ofSeconds(5));
            }
            sandboxes.remove(pins, inode);
            assertThat(PinDirectory.DEFAULT).isEmptyDirectory();
            // ip netns and this library prepare the directory alike: whoever comes second adds no mount.
            assertThat(output(builder("ip", "netns", "add", "theirs").start())).isEmpty();
            try (NetworkNamespace theirs = NetworkNamespace.open(PinDirectory.DEFAULT.resolve("theirs"))) {
                assertThat(theirs.inode()).isPositive();
            }
            assertThat(output(builder("ip", "netns", "del", "theirs").start())).isEmpty();
            PinDirectory.prepare(PinDirectory.DEFAULT);
            List<String> mounts = mountsBelowRun();
            mounts.removeAll(hidden);
            assertThat(mounts).hasSize(1).allMatch(line -> line.contains(" /run/netns ") && line.contains("shared:"));
        }
        ThreadsAtHome.assertAll();
        System.out.println(PASSED);
    }

    private static List<String> mountsBelowRun() throws IOException {
        List<String> mounts = new ArrayList<>(Files.readAllLines(Path.of("/proc/self/mountinfo")));
        mounts.removeIf(line -> !line.contains(" /run/"));
        return mounts;
    }

    private static void loopback(PodSandbox pod) throws Exception {
        try (ServerSocketChannel server = pod.openServerSocketChannel();
                SocketChannel client = pod.openSocketChannel()) {
            server.bind(new InetSocketAddress("127.0.0.1", 80));
            assertThat(client.connect(server.getLocalAddress())).isTrue();
        }
    }

    /** As a user who may do nothing: says so, and leaves nothing. */
    private static void withoutPrivilege() throws Exception {
        Path root = Files.createTempDirectory("podnet");
        try (Sandboxes sandboxes = new LinuxSandboxProvider().create()) {
            assertThatThrownBy(() -> sandboxes.create(pins(root)))
                    .isInstanceOf(PodnetException.PermissionDenied.class)
                    .hasMessageContaining("CAP_SYS_ADMIN");
            assertThat(root.resolve("netns")).isEmptyDirectory();
            assertThat(root.resolve("pods")).doesNotExist();
            assertThat(root.resolve("podnet-ns")).doesNotExist();
        }
        for (String directory : List.of("netns", "")) {
            Files.delete(root.resolve(directory));
        }
        System.out.println(PASSED);
    }

    private static void startAndWait(Pins pins) throws Exception {
        try (Sandboxes sandboxes = new LinuxSandboxProvider().create();
                PodSandbox pod = sandboxes.create(pins)) {
            Process process = pod.start(new Command(
                    List.of("sleep", "1000"),
                    Map.of("PATH", "/usr/bin:/bin"),
                    Optional.empty(),
                    Optional.of(pod.directory().resolve("output"))));
            System.out.println(pod.network().inode() + " " + process.pid());
            int end = System.in.read();
            throw new IllegalStateException("read " + end + " instead of being killed");
        }
    }

    private static ProcessBuilder builder(String... command) {
        return new ProcessBuilder(command).redirectErrorStream(true);
    }

    private static String output(Process process) throws Exception {
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(text).isZero();
        return text.strip();
    }
}
