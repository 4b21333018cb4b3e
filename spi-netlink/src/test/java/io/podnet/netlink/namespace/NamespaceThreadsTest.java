package io.podnet.netlink.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Libc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NamespaceThreadsTest {
    private final NamespaceThreads threads = new NamespaceThreads();

    @AfterEach
    void everybodyIsHome() throws IOException {
        threads.close();
        ThreadsAtHome.assertAll();
    }

    @Test
    void doesTheTaskInsideAndIsHomeAgain() throws IOException {
        String home = ThreadsAtHome.currentNet();
        try (NetworkNamespace pod = threads.makeUnpinned()) {
            String inside = threads.callIn(pod, ThreadsAtHome::currentNet);
            assertThat(inside).isEqualTo("net:[" + pod.inode() + "]").isNotEqualTo(home);
            assertThat(ThreadsAtHome.currentNet()).isEqualTo(home);
            ThreadsAtHome.assertAll();
        }
    }

    @Test
    void aTaskThatWandersOffIsBroughtHome() throws IOException {
        try (NetworkNamespace pod = threads.makeUnpinned();
                NetworkNamespace other = threads.makeUnpinned()) {
            String there = threads.callIn(pod, () -> {
                assertThat(Libc.instance().setns(other.fd(), 0)).isZero();
                return ThreadsAtHome.currentNet();
            });
            assertThat(there).isEqualTo("net:[" + other.inode() + "]");
            ThreadsAtHome.assertAll();
            assertThat(threads.lostThreads()).isZero();
        }
    }

    @Test
    void aThreadThatCannotGetHomeIsThrownAwayAndReplaced() throws IOException {
        try (NetworkNamespace pod = threads.makeUnpinned()) {
            for (int i = 1; i <= 5; i++) {
                int dropped = threads.callIn(pod, NamespaceThreadsTest::dropAllCapabilitiesOfThisThread);
                assertThat(dropped).isZero();
                assertThat(threads.lostThreads()).isEqualTo(i);
                assertThat(threads.callIn(pod, ThreadsAtHome::currentNet)).isEqualTo("net:[" + pod.inode() + "]");
            }
        }
        CompletableFuture.runAsync(() -> {}).join();
    }

    @Test
    void whatTheTaskThrowsIsThrown() throws IOException {
        try (NetworkNamespace pod = threads.makeUnpinned()) {
            assertThatThrownBy(() -> threads.callIn(pod, () -> {
                        throw new IOException("no");
                    }))
                    .isInstanceOf(IOException.class)
                    .hasMessage("no");
            assertThatThrownBy(() -> threads.callIn(pod, () -> {
                        throw new StackOverflowError();
                    }))
                    .isInstanceOf(StackOverflowError.class);
            assertThat(threads.callIn(pod, () -> 1)).isEqualTo(1);
        }
    }

    @Test
    void anInterruptIsKeptAndDoesNotShortenTheWait() {
        try (NetworkNamespace pod = threads.makeUnpinned()) {
            Thread.currentThread().interrupt();
            assertThat(threads.callIn(pod, () -> 7)).isEqualTo(7);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void refusesAHopInsideAHop() {
        try (NetworkNamespace pod = threads.makeUnpinned()) {
            assertThatThrownBy(() -> threads.callIn(pod, () -> threads.callIn(pod, () -> 1)))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> threads.callIn(pod, () -> threads.callOnThrowAwayThread(() -> 1)))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void manyCallersShareFewThreads() throws Exception {
        var callers = Executors.newFixedThreadPool(16);
        try (NetworkNamespace a = threads.makeUnpinned();
                NetworkNamespace b = threads.makeUnpinned()) {
            List<Future<Boolean>> results = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                NetworkNamespace mine = i % 2 == 0 ? a : b;
                results.add(callers.submit(() -> {
                    for (int n = 0; n < 200; n++) {
                        if (!threads.callIn(mine, ThreadsAtHome::currentNet).contains("" + mine.inode())) {
                            return false;
                        }
                    }
                    return true;
                }));
            }
            for (Future<Boolean> result : results) {
                assertThat(result.get()).isTrue();
            }
            assertThat(Thread.getAllStackTraces().keySet().stream()
                            .filter(t -> t.getName().startsWith("podnet-namespace"))
                            .count())
                    .isBetween(1L, 16L);
        } finally {
            callers.shutdown();
        }
    }

    @Test
    void namespacesThatAreClosedMeanwhileOrBeforehand() {
        NetworkNamespace pod = threads.makeUnpinned();
        String inside = threads.<String, IllegalStateException>callIn(pod, () -> {
            pod.close();
            return "still here";
        });
        assertThat(inside).isEqualTo("still here");
        pod.close();
        assertThatThrownBy(() -> threads.callIn(pod, () -> 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aDescriptorOfSomethingElseIsRefused() {
        try (NetworkNamespace pod = threads.makeUnpinned()) {
            assertThatThrownBy(() -> threads.callIn(new Foreign(0, pod.path(), pod.inode()), () -> 1))
                    .isInstanceOf(PodnetException.KernelRejected.class)
                    .hasMessageContaining("setns");
            assertThat(threads.callIn(new Foreign(pod.fd(), pod.path(), pod.inode()), () -> 1))
                    .isEqualTo(1);
        }
    }

    @Test
    void closedThreadsRefuseWork() {
        NetworkNamespace pod = threads.makeUnpinned();
        threads.close();
        threads.close();
        assertThatThrownBy(() -> threads.callIn(pod, () -> 1)).isInstanceOf(IllegalStateException.class);
        pod.close();
    }

    @Test
    void commonPoolWorkersOfLaterWorkAreAtHome() throws Exception {
        String home = ThreadsAtHome.currentNet();
        try (NetworkNamespace pod = threads.makeUnpinned()) {
            List<CompletableFuture<String>> seen = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                threads.callIn(pod, ThreadsAtHome::currentNet);
                seen.add(CompletableFuture.supplyAsync(() -> {
                    try {
                        return ThreadsAtHome.currentNet();
                    } catch (IOException e) {
                        return e.toString();
                    }
                }));
            }
            for (CompletableFuture<String> each : seen) {
                assertThat(each.get()).isEqualTo(home);
            }
        }
    }

    /** A reference that somebody else holds. */
    private record Foreign(int fd, java.nio.file.Path path, long inode) implements io.podnet.api.NamespaceRef {}

    /** capset(2) acts on the calling thread alone. */
    private static int dropAllCapabilitiesOfThisThread() {
        ByteBuffer header = Libc.allocate(8);
        header.putInt(0, 0x20080522); // _LINUX_CAPABILITY_VERSION_3
        ByteBuffer data = Libc.allocate(24);
        long number = "aarch64".equals(System.getProperty("os.arch")) ? 91 : 126;
        Libc libc = Libc.instance();
        int result = (int) libc.syscall(number, libc.addressOf(header), libc.addressOf(data), 0, 0);
        java.lang.ref.Reference.reachabilityFence(header);
        java.lang.ref.Reference.reachabilityFence(data);
        return result;
    }
}
