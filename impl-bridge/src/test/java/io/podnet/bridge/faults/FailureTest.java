package io.podnet.bridge.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.podnet.api.Podnet;
import io.podnet.api.PodnetException;
import io.podnet.bridge.TestNode;
import io.podnet.bridge.ipam.MemoryDirectory;
import io.podnet.netlink.libc.Errno;
import io.podnet.spi.AttachmentRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Lets each operation of set-up and teardown fail, one after the other, alone or with others behind it. Afterwards
 * nothing is left but what a record owns, and that goes once things work again.
 */
class FailureTest {
    private static final boolean ALL = "all".equals(System.getProperty("podnet.faults"));

    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    /**
     * A way to fail.
     *
     * @param first the first operation it is tried at
     * @param step from there to the next; 1 where {@code -Dpodnet.faults=all} asks for everything
     */
    record Mode(String name, int first, int step, IntFunction<Faults.Plan> plan) {
        static Mode everywhere(String name, IntFunction<Faults.Plan> plan) {
            return new Mode(name, 1, 1, plan);
        }

        static Mode sometimes(String name, int first, IntFunction<Faults.Plan> plan) {
            return ALL ? everywhere(name, plan) : new Mode(name, first, 5, plan);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Mode> modes() {
        return Stream.of(
                Mode.everywhere("EIO", n -> Faults.Plan.failOnce(n, Errno.EIO.number())),
                Mode.sometimes("ENOBUFS", 1, n -> Faults.Plan.failOnce(n, Errno.ENOBUFS.number())),
                Mode.sometimes("EINTR", 2, n -> Faults.Plan.failOnce(n, Errno.EINTR.number())),
                Mode.sometimes("EIO from there on", 3, n -> Faults.Plan.failFrom(n, Errno.EIO.number())),
                Mode.sometimes("ENOMEM now and then", 4, n -> Faults.Plan.failOften(n, Errno.ENOMEM.number())));
    }

    @AfterEach
    void disarm() {
        Faults.disarm();
    }

    @ParameterizedTest
    @MethodSource("modes")
    void everyStepOfSetUpMayFail(Mode mode) throws Exception {
        try (TestNode test = new TestNode(directory);
                Inventory inventory = new Inventory(test, directory);
                Podnet node = Pods.node(test).start()) {
            node.setUp(Pods.keeper());
            node.setUp(Pods.victim());
            node.tearDown(Pods.VICTIM);
            node.quiesce();
            List<String> before = inventory.all();
            Outcomes outcomes = new Outcomes();
            for (int n = mode.first(); ; n += mode.step()) {
                Faults.arm(mode.plan().apply(n));
                String what;
                PodnetException failure = null;
                try {
                    node.setUp(Pods.victim());
                } catch (PodnetException e) {
                    failure = e;
                } finally {
                    int hits = Faults.hits();
                    List<String> names = Faults.disarm();
                    if (hits == 0) {
                        outcomes.report("set-up, " + mode, names.size());
                        break;
                    }
                    what = mode + " at " + n + " (" + names.get(n - 1) + ")";
                    outcomes.add(names.get(n - 1), failure);
                }
                if (failure == null) {
                    assertThat(node.check(Pods.VICTIM)).as(what).isEmpty();
                }
                boolean recorded = Podnet.records(test.state()).stream()
                        .map(AttachmentRecord::spec)
                        .anyMatch(spec -> spec.id().equals(Pods.VICTIM));
                if (failure == null || recorded) {
                    assertThat(node.tearDown(Pods.VICTIM)).as(what).isTrue();
                }
                requireSame(inventory, before, what, failure);
            }
            assertThat(node.check(Pods.KEEPER)).isEmpty();
            node.quiesce();
            assertThat(test.kernel()).noneMatch(line -> line.contains(Inventory.DEAD));
            node.removeAll();
            node.close();
            Pods.node(test).start().close();
            assertThat(inventory.strays()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void everyStepOfTearDownMayFail(Mode mode) throws Exception {
        try (TestNode test = new TestNode(directory);
                Inventory inventory = new Inventory(test, directory);
                Podnet node = Pods.node(test).start()) {
            node.setUp(Pods.keeper());
            node.setUp(Pods.victim());
            node.tearDown(Pods.VICTIM);
            node.quiesce();
            List<String> before = inventory.all();
            Outcomes outcomes = new Outcomes();
            for (int n = mode.first(); ; n += mode.step()) {
                node.setUp(Pods.victim());
                Faults.arm(mode.plan().apply(n));
                String what;
                PodnetException failure = null;
                try {
                    node.tearDown(Pods.VICTIM);
                } catch (PodnetException.Incomplete e) {
                    failure = e;
                } finally {
                    int hits = Faults.hits();
                    List<String> names = Faults.disarm();
                    if (hits == 0) {
                        outcomes.report("teardown, " + mode, names.size());
                        break;
                    }
                    what = mode + " at " + n + " (" + names.get(n - 1) + ")";
                    outcomes.add(names.get(n - 1), failure);
                }
                assertThat(node.tearDown(Pods.VICTIM)).as(what).isEqualTo(failure != null);
                requireSame(inventory, before, what, failure);
            }
            assertThat(node.check(Pods.KEEPER)).isEmpty();
            node.quiesce();
            assertThat(test.kernel()).noneMatch(line -> line.contains(Inventory.DEAD));
            node.removeAll();
            node.close();
            Pods.node(test).start().close();
            assertThat(inventory.strays()).isEmpty();
        }
    }

    /** Spare namespaces are made and threads replaced beside the call that failed, so sameness may take a moment. */
    private static void requireSame(Inventory inventory, List<String> before, String what, PodnetException failure)
            throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        List<String> changes = Inventory.changes(before, inventory.all());
        while (!changes.isEmpty() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(5);
            changes = Inventory.changes(before, inventory.all());
        }
        if (!changes.isEmpty()) {
            fail(what + ": " + changes, failure);
        }
    }

    /** Which operations may fail without the whole failing. */
    private static final class Outcomes {
        private final TreeMap<String, Integer> harmless = new TreeMap<>();
        private int failed;

        void add(String operation, PodnetException failure) {
            if (failure == null) {
                harmless.merge(operation.replaceAll("[0-9a-f]{12}|[0-9]+$|/tmp/\\S*/", "…"), 1, Integer::sum);
            } else {
                failed++;
            }
        }

        void report(String what, int operations) {
            System.out.println(what + ": " + operations + " operations, " + failed + " fail it, harmless: " + harmless);
        }
    }
}
