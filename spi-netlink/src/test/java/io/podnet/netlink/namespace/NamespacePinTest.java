package io.podnet.netlink.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.namespace.NamespacePin.Removal;
import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamespacePinTest {
    private static final int MNT_DETACH = 2;

    private final NamespaceThreads threads = new NamespaceThreads();

    @TempDir
    Path temporary;

    private PinDirectory pins;

    @BeforeEach
    void prepare() {
        pins = PinDirectory.prepare(temporary.resolve("netns"));
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        threads.close();
        Libc.instance().umount2(pins.path().toString(), MNT_DETACH);
        assertThat(mounts()).isEmpty();
        ThreadsAtHome.assertAll();
    }

    private List<String> mounts() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .filter(line -> line.contains(temporary.toString()))
                .toList();
    }

    @Test
    void thePinKeepsTheNamespaceAndLeadsBackToIt() {
        Path pin = pins.pin("web");
        NamespaceId id;
        try (MadeNamespaces<String> made = threads.make(NewNamespaces.network(pin), () -> "inside")) {
            id = made.network().id();
            assertThat(made.result()).isEqualTo("inside");
            assertThat(made.network().pin()).contains(pin);
            assertThat(made.network().path()).isEqualTo(pin);
        }
        try (NetworkNamespace again = NetworkNamespace.open(pin)) {
            assertThat(again.id()).isEqualTo(id);
        }
        assertThat(NamespacePin.remove(pin, Optional.of(id))).isEqualTo(Removal.REMOVED);
        assertThat(NamespacePin.remove(pin, Optional.of(id))).isEqualTo(Removal.ALREADY_GONE);
        assertThat(pin).doesNotExist();
    }

    @Test
    void theNamespaceIsReallyGoneAfterRemoval() throws Exception {
        Path pin = pins.pin("pod");
        Path hostPin = pins.pin("host");
        try (MadeNamespaces<Boolean> host = threads.make(NewNamespaces.network(hostPin), () -> true)) {
            try (MadeNamespaces<Boolean> pod = threads.make(NewNamespaces.network(pin), () -> true)) {
                runIn(
                        hostPin, "ip", "link", "add", "witness", "type", "veth", "peer", "name", "eth0", "netns",
                        "" + pin);
                // Two children at once, which from a hopped thread would leave a reaper thread in there for a minute.
                runIn(pin, "ip", "link", "set", "lo", "up");
                Process one = start(pin, "sleep", "60");
                Process two = start(pin, "sleep", "60");
                threads.callIn(pod.network(), DatagramChannel::open).close();
                one.destroyForcibly().waitFor();
                two.destroyForcibly().waitFor();
            }
            assertThat(witnessIn(host.network())).isTrue();
            assertThat(NamespacePin.remove(pin, Optional.empty())).isEqualTo(Removal.REMOVED);
            // With the last reference the kernel takes the pod's end of the pair down, and this end with it.
            waitUntil(() -> !witnessIn(host.network()));
        }
        assertThat(NamespacePin.remove(hostPin, Optional.empty())).isEqualTo(Removal.REMOVED);
    }

    private boolean witnessIn(NetworkNamespace host) throws IOException {
        return threads.callIn(
                host,
                () -> Files.readString(Path.of("/proc/thread-self/net/dev")).contains("witness"));
    }

    private static Process start(Path pin, String... command) throws IOException {
        return NamespaceCommand.find()
                .entering(NamespaceKind.NET, pin)
                .processBuilder(List.of(command))
                .redirectErrorStream(true)
                .start();
    }

    private static void runIn(Path pin, String... command) throws Exception {
        Process process = start(pin, command);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    @Test
    void leftoversOfACrashAreTakenOverOrRemoved() throws IOException {
        Path pin = Files.createFile(pins.pin("leftover"));
        assertThat(NamespacePin.remove(pin, Optional.of(new NamespaceId(4, 4711))))
                .isEqualTo(Removal.LEFTOVER_REMOVED);
        Files.createFile(pin);
        threads.make(NewNamespaces.network(pin), () -> true).close();
        assertThat(NamespacePin.remove(pin, Optional.empty())).isEqualTo(Removal.REMOVED);
    }

    @Test
    void anotherNamespaceAtThePinIsLeftAlone() {
        Path pin = pins.pin("other");
        NamespaceId id;
        try (MadeNamespaces<Boolean> made = threads.make(NewNamespaces.network(pin), () -> true)) {
            id = made.network().id();
            assertThat(NamespacePin.remove(pin, Optional.of(new NamespaceId(id.device(), id.inode() + 1))))
                    .isEqualTo(Removal.NOT_OURS);
        }
        try (NetworkNamespace untouched = NetworkNamespace.open(pin)) {
            assertThat(untouched.id()).isEqualTo(id);
        }
        assertThatThrownBy(() -> threads.make(NewNamespaces.network(pin), () -> true))
                .isInstanceOf(PodnetException.Conflict.class);
        assertThat(NamespacePin.remove(pin, Optional.of(id))).isEqualTo(Removal.REMOVED);
    }

    @Test
    void whatIsNoPinIsLeftAlone() throws Exception {
        Path file = Files.writeString(pins.pin("file"), "precious");
        Path link = Files.createSymbolicLink(pins.pin("link"), Path.of("/nowhere"));
        Path inner = Files.createDirectory(pins.pin("directory"));
        Path fifo = pins.pin("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        for (Path each : List.of(file, link, inner, fifo, Path.of("/proc/self/ns/net"))) {
            assertThat(NamespacePin.remove(each, Optional.empty())).isEqualTo(Removal.NOT_OURS);
            assertThatThrownBy(() -> threads.make(NewNamespaces.network(each), () -> true))
                    .isInstanceOf(PodnetException.Conflict.class);
        }
        assertThat(Files.readString(file)).isEqualTo("precious");
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(NamespacePin.remove(file.resolve("below"), Optional.empty())).isEqualTo(Removal.ALREADY_GONE);
    }

    @Test
    void aFailingTaskLeavesNothing() throws IOException {
        NewNamespaces wanted = NewNamespaces.network(pins.pin("a"))
                .and(NamespaceKind.IPC, Optional.of(temporary.resolve("ipc")))
                .and(NamespaceKind.UTS, Optional.of(temporary.resolve("uts")));
        assertThatThrownBy(() -> threads.make(wanted, () -> {
                    throw new IOException("no");
                }))
                .isInstanceOf(IOException.class)
                .hasNoSuppressedExceptions();
        assertThat(pins.path()).isEmptyDirectory();
        assertThat(temporary.resolve("ipc")).doesNotExist();
        assertThat(temporary.resolve("uts")).doesNotExist();
        assertThat(mounts()).hasSize(1);
    }

    @Test
    void aPinThatCannotBeMadeLeavesNothing() throws IOException {
        NewNamespaces wanted = NewNamespaces.network(pins.pin("a"))
                .and(NamespaceKind.UTS, Optional.of(temporary.resolve("no/such/directory")));
        assertThatThrownBy(() -> threads.make(wanted, () -> true)).isInstanceOf(PodnetException.class);
        assertThat(pins.path()).isEmptyDirectory();
    }

    @Test
    void threeKindsInOneGo() throws IOException {
        Path ipc = temporary.resolve("ipc");
        Path uts = temporary.resolve("uts");
        NewNamespaces wanted = NewNamespaces.network(pins.pin("three"))
                .and(NamespaceKind.IPC, Optional.of(ipc))
                .and(NamespaceKind.UTS, Optional.of(uts));
        try (MadeNamespaces<DatagramChannel> made = threads.make(wanted, DatagramChannel::open)) {
            made.result().close();
            for (NamespaceKind kind : List.of(NamespaceKind.IPC, NamespaceKind.UTS)) {
                NamespaceHandle handle = made.other(kind).orElseThrow();
                assertThat(handle.toString()).contains(kind.procName() + ":[" + handle.id());
                assertThat(Files.readSymbolicLink(Path.of("/proc/self/ns", kind.procName())))
                        .doesNotHaveToString(kind.procName() + ":[" + handle.id() + "]");
                try (NamespaceHandle again =
                        NamespaceHandle.open(kind, handle.pin().orElseThrow())) {
                    assertThat(again.id()).isEqualTo(handle.id());
                }
            }
            ThreadsAtHome.assertAll();
        }
        assertThatThrownBy(() -> NetworkNamespace.open(ipc)).isInstanceOf(PodnetException.Invalid.class);
        for (Path pin : List.of(pins.pin("three"), ipc, uts)) {
            assertThat(NamespacePin.remove(pin, Optional.empty())).isEqualTo(Removal.REMOVED);
        }
    }

    @Test
    void stackedPinsAreAllRemoved() {
        Path pin = pins.pin("stacked");
        try (MadeNamespaces<Boolean> made = threads.make(NewNamespaces.network(pin), () -> true)) {
            for (int i = 0; i < 3; i++) {
                assertThat(Libc.instance().mount(pin.toString(), pin.toString(), "none", 0x1000))
                        .isZero();
            }
            assertThat(NamespacePin.remove(pin, Optional.of(made.network().id())))
                    .isEqualTo(Removal.REMOVED);
        }
        assertThat(pin).doesNotExist();
    }

    @Test
    void preparingTheDirectoryAgainAddsNoMount() throws IOException {
        assertThat(pins.shared()).isTrue();
        for (int i = 0; i < 5; i++) {
            PinDirectory.prepare(pins.path());
        }
        assertThat(mounts()).hasSize(1);
        assertThat(mounts().get(0)).contains("shared:");
    }

    @Test
    void ofManyThatWantOneNameOneGetsIt() throws Exception {
        var callers = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 20; round++) {
                Path pin = pins.pin("race");
                if (round % 2 == 0) {
                    Files.createFile(pin);
                }
                Callable<Boolean> attempt = () -> {
                    try {
                        threads.make(NewNamespaces.network(pin), () -> true).close();
                        return true;
                    } catch (PodnetException.Conflict e) {
                        return false;
                    }
                };
                int winners = 0;
                for (Future<Boolean> each : callers.invokeAll(java.util.Collections.nCopies(8, attempt))) {
                    winners += each.get() ? 1 : 0;
                }
                assertThat(winners).isEqualTo(1);
                assertThat(mounts()).hasSize(2);
                assertThat(NamespacePin.remove(pin, Optional.empty())).isEqualTo(Removal.REMOVED);
            }
        } finally {
            callers.shutdown();
        }
    }

    @Test
    void namesThatAreNoFileNames() {
        for (String name : List.of("", ".", "..", "a/b", "-rf", ".hidden", "a b", "a\0", "ä", "x".repeat(256))) {
            assertThatThrownBy(() -> pins.pin(name)).isInstanceOf(PodnetException.Invalid.class);
        }
        assertThatThrownBy(() -> PinDirectory.prepare(Path.of("relative"))).isInstanceOf(PodnetException.Invalid.class);
    }

    private static void waitUntil(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + 10_000_000_000L;
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("waited 10 s").isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
