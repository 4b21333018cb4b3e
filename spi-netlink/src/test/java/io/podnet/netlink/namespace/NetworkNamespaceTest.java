package io.podnet.netlink.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.PodnetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkNamespaceTest {
    private final NamespaceThreads threads = new NamespaceThreads();

    @TempDir
    Path directory;

    @AfterEach
    void everybodyIsHome() throws IOException {
        threads.close();
        ThreadsAtHome.assertAll();
    }

    @Test
    void currentIsWhereTheThreadIs() throws IOException {
        try (NetworkNamespace pod = threads.makeUnpinned();
                NetworkNamespace inside = threads.callIn(pod, NetworkNamespace::current);
                NetworkNamespace home = NetworkNamespace.current()) {
            assertThat(inside.id()).isEqualTo(pod.id()).isNotEqualTo(home.id());
            assertThat(ThreadsAtHome.currentNet()).isEqualTo("net:[" + home.inode() + "]");
        }
    }

    @Test
    void descriptorsAndPidsLeadToTheSameNamespace() {
        long self = ProcessHandle.current().pid();
        try (NetworkNamespace home = NetworkNamespace.current();
                NetworkNamespace byFd = NetworkNamespace.ofFd(home.fd());
                NetworkNamespace byPid = NetworkNamespace.ofPid(self);
                NetworkNamespace byPath = NetworkNamespace.open(Path.of("/proc/" + self + "/ns/net"));
                NetworkNamespace byReference = NetworkNamespace.open(home.path())) {
            assertThat(byFd.fd()).isNotEqualTo(home.fd());
            for (NetworkNamespace each : new NetworkNamespace[] {byFd, byPid, byPath, byReference}) {
                assertThat(each.id()).isEqualTo(home.id());
                assertThat(each.pin()).isEmpty();
            }
        }
    }

    @Test
    void theNodesOwnIsRefusedWhereAPodsIsAskedFor() {
        try (NetworkNamespace home = NetworkNamespace.current();
                NetworkNamespace pod = threads.makeUnpinned()) {
            assertThat(pod.requireOtherThan(home)).isSameAs(pod);
            NetworkNamespace again = NetworkNamespace.open(Path.of("/proc/self/ns/net"));
            assertThatThrownBy(() -> again.requireOtherThan(home))
                    .isInstanceOf(PodnetException.Invalid.class)
                    .hasMessageContaining("node's own");
            assertThatThrownBy(again::fd).isInstanceOf(IllegalStateException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/proc/self/ns/mnt",
                "/proc/self/ns/uts",
                "/proc/self/exe",
                "/proc/self/ns",
                "/proc/1",
                "/dev/null",
                "/etc/hosts",
                "/proc/self/status",
                "/"
            })
    void refusesWhatIsNoNetworkNamespace(String path) {
        assertThatThrownBy(() -> NetworkNamespace.open(Path.of(path)))
                .isInstanceOf(PodnetException.Invalid.class)
                .hasMessageContaining(path);
    }

    @Test
    void refusesAFifoWithoutWaitingForItsWriter() throws Exception {
        Path fifo = directory.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> NetworkNamespace.open(fifo)).isInstanceOf(PodnetException.Invalid.class);
    }

    @Test
    void refusesSymbolicLinksEvenToANamespace() throws IOException {
        Path dangling = Files.createSymbolicLink(directory.resolve("dangling"), Path.of("/nowhere"));
        Path good = Files.createSymbolicLink(directory.resolve("good"), Path.of("/proc/self/ns/net"));
        assertThatThrownBy(() -> NetworkNamespace.open(dangling)).isInstanceOf(PodnetException.Invalid.class);
        assertThatThrownBy(() -> NetworkNamespace.open(good)).isInstanceOf(PodnetException.Invalid.class);
    }

    @Test
    void saysWhatIsNotThere() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        assertThatThrownBy(() -> NetworkNamespace.ofPid(gone.pid())).isInstanceOf(PodnetException.NotFound.class);
        assertThatThrownBy(() -> NetworkNamespace.open(directory.resolve("absent")))
                .isInstanceOf(PodnetException.NotFound.class);
        assertThatThrownBy(() -> NetworkNamespace.ofFd(1_000_000)).isInstanceOf(PodnetException.NotFound.class);
        assertThatThrownBy(() -> NetworkNamespace.ofFd(-1)).isInstanceOf(PodnetException.Invalid.class);
        assertThatThrownBy(() -> NetworkNamespace.ofPid(0)).isInstanceOf(PodnetException.Invalid.class);
    }

    @Test
    void refusesADescriptorOfAFile() {
        assertThatThrownBy(() -> NetworkNamespace.ofFd(0)).isInstanceOf(PodnetException.Invalid.class);
    }

    @Test
    void closingTwiceDoesNotCloseSomebodyElsesDescriptor() {
        NetworkNamespace first = NetworkNamespace.current();
        first.close();
        try (NetworkNamespace second = NetworkNamespace.current()) {
            first.close();
            try (NetworkNamespace third = NetworkNamespace.ofFd(second.fd())) {
                assertThat(third.id()).isEqualTo(second.id());
            }
        }
    }
}
