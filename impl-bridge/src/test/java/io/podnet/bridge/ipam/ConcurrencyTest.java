package io.podnet.bridge.ipam;

import static io.podnet.bridge.ipam.Node.addresses;
import static io.podnet.bridge.ipam.Node.owner;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.PodnetException;
import io.podnet.spi.Ipam;
import io.podnet.spi.IpamProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many threads and many processes on one directory. An address in use is claimed by a file that must not exist yet. */
@Timeout(120)
class ConcurrencyTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 60;

    @TempDir
    Path directory;

    @TempDir
    Path claims;

    @Test
    void threadsNeverShareAnAddress() throws Exception {
        try (Ipam ipam = open(directory)) {
            hammer(ipam, claims, "threads", THREADS);
            assertThat(ipam.list()).isEmpty();
        }
    }

    @Test
    void twoInstancesOfOneProcessNeverShareAnAddress() throws Exception {
        ExecutorService both = Executors.newFixedThreadPool(2);
        try (Ipam one = open(directory);
                Ipam other = open(directory)) {
            Future<?> first = both.submit(() -> hammer(one, claims, "one", 2));
            Future<?> second = both.submit(() -> hammer(other, claims, "other", 2));
            first.get();
            second.get();
            assertThat(one.list()).isEmpty();
        } finally {
            both.shutdownNow();
        }
    }

    @Test
    void processesNeverShareAnAddress() throws Exception {
        List<Process> children = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                children.add(child("hammer", directory.toString(), claims.toString(), "child" + i));
            }
            for (Process child : children) {
                assertThat(child.waitFor(100, TimeUnit.SECONDS)).isTrue();
                assertThat(child.exitValue()).isZero();
            }
            try (Ipam ipam = open(directory)) {
                assertThat(ipam.list()).isEmpty();
            }
        } finally {
            children.forEach(Process::destroyForcibly);
        }
    }

    @Test
    void aKilledProcessLosesOnlyWhatItDidNotCommit() throws Exception {
        Process child = child("wait", directory.toString(), claims.toString(), "child");
        try {
            // It says so when it has reserved one lease and committed another.
            assertThat(child.getInputStream().read()).isEqualTo('!');
            try (Ipam whileAlive = open(directory)) {
                assertThat(whileAlive.list())
                        .extracting(Ipam.Lease::owner)
                        .containsExactlyInAnyOrder(owner("reserved"), owner("committed"));
            }
        } finally {
            child.destroyForcibly().waitFor();
        }
        try (Ipam next = open(directory)) {
            assertThat(next.list()).extracting(Ipam.Lease::owner).containsExactly(owner("committed"));
        }
    }

    @Test
    void waitsForTheLockABoundedTime() throws IOException {
        Path file = directory.resolve("lock");
        FileOps.Lock held = Flock.acquire(file, Duration.ZERO);
        assertThatThrownBy(() -> Flock.acquire(file, Duration.ofMillis(5)))
                .isInstanceOf(PodnetException.TimedOut.class)
                .hasMessageContaining("lock");
        held.close();
        Flock.acquire(file, Duration.ZERO).close();
    }

    private static Process child(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Xmx128m",
                ConcurrencyTest.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** The child process. */
    public static void main(String[] arguments) throws Exception {
        Ipam ipam = open(Path.of(arguments[1]));
        if (arguments[0].equals("hammer")) {
            hammer(ipam, Path.of(arguments[2]), arguments[3], 2);
            ipam.close();
            return;
        }
        ipam.reserve(owner("reserved"), List.of());
        ipam.reserve(owner("committed"), List.of());
        ipam.commit(owner("committed"));
        System.out.write('!');
        System.out.flush();
        while (System.in.read() >= 0) {
            // Lives until it is killed.
        }
    }

    private static Ipam open(Path directory) {
        return HostLocalIpam.open(
                new IpamProvider.Context(
                        "net", Node.sets("10.1.0.0/28", "fd00::/124"), directory, Map.of("coolDown", "PT0S")),
                Machine.real());
    }

    private static Void hammer(Ipam ipam, Path claims, String name, int threads) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Void>> workers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                String worker = name + "-" + i;
                workers.add(() -> work(ipam, claims, worker));
            }
            for (Future<Void> done : pool.invokeAll(workers)) {
                done.get();
            }
        } finally {
            pool.shutdownNow();
        }
        return null;
    }

    private static Void work(Ipam ipam, Path claims, String name) throws IOException {
        long seed = name.hashCode();
        Random random = new Random(seed);
        List<Object> held = new ArrayList<>();
        for (int round = 0; round < ROUNDS || !held.isEmpty(); round++) {
            if (round < ROUNDS && held.size() < 3 && random.nextBoolean()) {
                String pod = name + "-" + round;
                try {
                    for (String address : addresses(ipam.reserve(owner(pod), List.of()))) {
                        Files.writeString(claims.resolve(address), pod, StandardOpenOption.CREATE_NEW);
                    }
                    ipam.commit(owner(pod));
                    held.add(pod);
                } catch (PodnetException.PoolExhausted full) {
                    assertThat(full.allocated()).isEqualTo(full.capacity());
                }
            } else if (!held.isEmpty()) {
                Object pod = held.remove(random.nextInt(held.size()));
                for (String address : addresses(ipam.lease(owner(pod)).orElseThrow())) {
                    Files.delete(claims.resolve(address));
                }
                assertThat(ipam.release(owner(pod))).hasSize(2);
            }
        }
        return null;
    }
}
