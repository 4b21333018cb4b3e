package io.podnet.netlink.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NetworkNamespace;
import io.podnet.netlink.namespace.ThreadsAtHome;
import io.podnet.netlink.route.AssignedAddress;
import io.podnet.netlink.route.RouteNetlink;
import io.podnet.spi.PodSandbox;
import io.podnet.spi.SandboxProvider;
import io.podnet.spi.Sandboxes;
import io.podnet.spi.Sandboxes.Pins;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinuxSandboxesTest {
    private static final int MNT_DETACH = 2;

    private final Sandboxes sandboxes = new LinuxSandboxProvider().create();

    @TempDir
    Path temporary;

    @AfterEach
    void nothingIsLeft() throws IOException {
        sandboxes.close();
        Libc.instance().umount2(temporary.resolve("netns").toString(), MNT_DETACH);
        assertThat(mounts()).isEmpty();
        ThreadsAtHome.assertAll();
    }

    private Pins pins(String name) {
        return new Pins(temporary.resolve("netns").resolve(name), temporary.resolve("pods/" + name), name);
    }

    private List<String> mounts() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .filter(line -> line.contains(temporary.toString()))
                .toList();
    }

    @Test
    void isFoundByName() {
        List<SandboxProvider> linux = ServiceLoader.load(SandboxProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals("linux"))
                .toList();
        assertThat(linux).hasSize(1);
    }

    @Test
    void aSandboxOutlivesItsHandlesAndIsFoundAgain() throws IOException {
        Pins pins = pins("web");
        long inode;
        try (PodSandbox made = sandboxes.create(pins)) {
            inode = made.network().inode();
            assertThat(made.network().path()).isEqualTo(pins.netns());
            assertThat(made.directory()).isEqualTo(pins.directory());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(pins.directory())))
                    .isEqualTo("rwx------");
        }
        assertThat(sandboxes.open(pins, inode + 1)).isEmpty();
        Optional<PodSandbox> again = sandboxes.open(pins, inode);
        assertThat(again).isPresent();
        assertThat(again.get().network().inode()).isEqualTo(inode);
        again.get().close();
        sandboxes.remove(pins, inode);
        sandboxes.remove(pins, inode);
        assertThat(sandboxes.open(pins, inode)).isEmpty();
        assertThat(pins.netns()).doesNotExist();
        assertThat(pins.directory()).isEmptyDirectory();
    }

    @Test
    void aNameThatIsTakenIsAConflictAndNothingChanges() throws IOException {
        Pins pins = pins("taken");
        try (PodSandbox first = sandboxes.create(pins)) {
            List<String> before = mounts();
            assertThatThrownBy(() -> sandboxes.create(pins)).isInstanceOf(PodnetException.Conflict.class);
            assertThat(mounts()).isEqualTo(before);
            try (PodSandbox still =
                    sandboxes.open(pins, first.network().inode()).orElseThrow()) {
                assertThat(still.network().inode()).isEqualTo(first.network().inode());
            }
        }
        sandboxes.remove(pins, 0);
    }

    @Test
    void plainFilesOfARebootAreReplaced() throws IOException {
        Pins pins = pins("rebooted");
        Files.createDirectories(pins.netns().getParent());
        Files.createDirectories(
                pins.directory(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        PodPins where = new PodPins(pins.netns());
        Files.createDirectories(
                where.directory(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        for (Path file : List.of(where.netns(), where.ipc(), where.uts())) {
            Files.createFile(file);
        }
        assertThat(sandboxes.open(pins, 4711)).isEmpty();
        try (PodSandbox made = sandboxes.create(pins)) {
            assertThat(sandboxes.open(pins, made.network().inode()).map(open -> {
                        open.close();
                        return true;
                    }))
                    .contains(true);
        }
        sandboxes.remove(pins, 0);
        assertThat(pins.directory()).isEmptyDirectory();
    }

    @Test
    void removalGoesOnWhateverItFinds() throws IOException {
        Pins pins = pins("mixed");
        PodPins where = new PodPins(pins.netns());
        Files.createDirectories(where.directory());
        Files.createDirectories(where.netnsDirectory());
        Files.createFile(where.netns());
        Files.createSymbolicLink(where.ipc(), Path.of("/nowhere"));
        Files.writeString(where.uts(), "precious");
        Files.createDirectory(where.shm());
        sandboxes.remove(pins, 4711);
        assertThat(where.netns()).doesNotExist();
        assertThat(where.shm()).doesNotExist();
        assertThat(where.uts()).hasContent("precious");
        sandboxes.remove(pins("never-made"), 4711);
    }

    @Test
    void removalTellsWhatStayed() throws IOException {
        Pins pins = pins("busy");
        Files.createDirectories(new PodPins(pins.netns()).shm().resolve("not-ours"));
        assertThatThrownBy(() -> sandboxes.remove(pins, 4711))
                .isInstanceOf(PodnetException.Incomplete.class)
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    }

    @Test
    void anotherNamespaceAtThePinIsLeftAlone() {
        Pins pins = pins("reused");
        try (PodSandbox made = sandboxes.create(pins)) {
            sandboxes.remove(pins, made.network().inode() + 1);
            try (NetworkNamespace still = NetworkNamespace.open(pins.netns())) {
                assertThat(still.inode()).isEqualTo(made.network().inode());
            }
        }
        sandboxes.remove(pins, 0);
    }

    @Test
    void withoutItsIpcNamespaceItIsNoSandbox() {
        Pins pins = pins("half");
        long inode;
        try (PodSandbox made = sandboxes.create(pins)) {
            inode = made.network().inode();
        }
        Libc.instance().umount2(new PodPins(pins.netns()).ipc().toString(), MNT_DETACH);
        assertThat(sandboxes.open(pins, inode)).isEmpty();
        sandboxes.remove(pins, inode);
    }

    @Test
    void manyComeAndGoAtOnce() throws Exception {
        var callers = Executors.newFixedThreadPool(6);
        try (Sandboxes more = new LinuxSandboxProvider().create()) {
            List<Future<Boolean>> results = new ArrayList<>();
            for (int caller = 0; caller < 6; caller++) {
                Sandboxes mine = caller % 2 == 0 ? sandboxes : more;
                String name = "pod-" + caller;
                results.add(callers.submit(() -> {
                    for (int i = 0; i < 15; i++) {
                        long inode;
                        try (PodSandbox pod = mine.create(pins(name))) {
                            inode = pod.network().inode();
                        }
                        mine.remove(pins(name), inode);
                    }
                    return true;
                }));
            }
            for (Future<Boolean> result : results) {
                assertThat(result.get()).isTrue();
            }
        } finally {
            callers.shutdown();
        }
        assertThat(mounts()).hasSize(1).allMatch(line -> line.contains("/netns "));
    }

    @Test
    void joinsWhatOthersMade() throws IOException {
        Path directory = temporary.resolve("joined");
        try (NamespaceThreads threads = new NamespaceThreads();
                NetworkNamespace theirs = threads.makeUnpinned();
                PodSandbox joined = sandboxes.join(theirs.path(), directory)) {
            assertThat(joined.network().inode()).isEqualTo(theirs.inode());
            assertThat(joined.directory()).isDirectory();
        }
        for (String own : List.of("/proc/self/ns/net", "/proc/self/ns/mnt", "/etc/hosts")) {
            assertThatThrownBy(() -> sandboxes.join(Path.of(own), directory))
                    .isInstanceOf(PodnetException.Invalid.class);
        }
        assertThatThrownBy(() -> sandboxes.join(Path.of("/run/netns/nowhere"), directory))
                .isInstanceOf(PodnetException.NotFound.class);
    }

    @Test
    void theNodesNamespaceIsThisProcessesOrANamedOne() {
        try (NamespaceThreads threads = new NamespaceThreads();
                NetworkNamespace other = threads.makeUnpinned();
                NetworkNamespace home = NetworkNamespace.current();
                Sandboxes.HeldNamespace own = sandboxes.nodeNamespace(Optional.empty());
                Sandboxes.HeldNamespace named = sandboxes.nodeNamespace(Optional.of(other.path()))) {
            assertThat(own.inode()).isEqualTo(home.inode());
            assertThat(named.inode()).isEqualTo(other.inode());
        }
    }

    @Test
    void aNamespacesAddressesAreListedWithoutLoopback() {
        try (NamespaceThreads threads = new NamespaceThreads();
                NetworkNamespace other = threads.makeUnpinned()) {
            assertThat(sandboxes.addresses(other)).isEmpty();
            try (RouteNetlink route = threads.callIn(other, () -> RouteNetlink.open())) {
                route.addresses().create(AssignedAddress.of(1, InterfaceAddress.parse("127.0.0.1/8")));
                route.addresses().create(AssignedAddress.of(1, InterfaceAddress.parse("192.0.2.7/32")));
                route.addresses().create(AssignedAddress.of(1, InterfaceAddress.parse("fd00::7/128")));
            }
            assertThat(sandboxes.addresses(other))
                    .containsExactly(IpAddress.parse("192.0.2.7"), IpAddress.parse("fd00::7"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Upper", "a b", "a\nb", "-x", "$(reboot)"})
    void hostnamesAreNames(String hostname) throws IOException {
        Pins pins = new Pins(temporary.resolve("netns/x"), temporary.resolve("pods/x"), hostname);
        assertThatThrownBy(() -> sandboxes.create(pins)).isInstanceOf(PodnetException.Invalid.class);
        assertThat(mounts()).isEmpty();
    }

    @Test
    void directoriesOfOthersAreRefused() throws IOException {
        Path open = Files.createDirectory(temporary.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> sandboxes.create(new Pins(temporary.resolve("netns/x"), open, "x")))
                .isInstanceOf(PodnetException.Invalid.class);
        assertThatThrownBy(() -> sandboxes.create(new Pins(Path.of("x"), temporary.resolve("pods/x"), "x")))
                .isInstanceOf(PodnetException.Invalid.class);
        assertThatThrownBy(() -> sandboxes.create(new Pins(temporary.resolve("netns/x"), Path.of("pods/x"), "x")))
                .isInstanceOf(PodnetException.Invalid.class);
        assertThatThrownBy(() -> sandboxes.create(new Pins(Path.of("/run/x"), temporary.resolve("pods/x"), "x")))
                .isInstanceOf(PodnetException.Invalid.class);
        assertThatThrownBy(() -> sandboxes.create(new Pins(Path.of("/"), temporary.resolve("pods/x"), "x")))
                .isInstanceOf(PodnetException.Invalid.class);
    }
}
