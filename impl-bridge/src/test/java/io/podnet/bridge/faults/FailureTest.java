package io.podnet.bridge.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.podnet.api.Podnet;
import io.podnet.api.PodnetException;
import io.podnet.bridge.TestNode;
import io.podnet.bridge.ipam.MemoryDirectory;
import io.podnet.netlink.libc.Errno;
import io.podnet.spi.AttachmentRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Lets each operation of set-up and teardown fail, one after the other, alone or with others behind it. Afterwards
 * nothing is left but what a record owns, and that goes once things work again.
 */
class FailureTest {
    private static final boolean ALL = "all".equals(System.getProperty("podnet.faults"));

    private static final int MOST_OPERATIONS = 1000;

    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    /**
     * A way to fail.
     *
     * @param first the first operation it is tried at
     * @param step from there to the next; 1 where {@code -Dpodnet.faults=all} asks for everything
     */
    record Mode(String name, int first, int step, IntFunction<Faults.Plan> plan) {
        // The descriptor is free whatever close(2) answers; what is asked before it is known to be needed (statx of
        // a file that is gone, a larger queue, a shared mount, the lock of ip-netns) and what only saves work
        // later (where the search for an address goes on, tombstones, contents without a name) may fail in silence; a
        // thread that cannot go home (setns) is replaced.
        private static final Set<String> HARMLESS = Set.of(
                "close",
                "statx",
                "setsockopt",
                "mount",
                "flock",
                "setns",
                "lease delete",
                "lease overwrite",
                "lease read",
                "lease stat");
        // These are repeated after a signal.
        private static final Set<String> REPEATED = Set.of("send", "recvmsg", "flock");

        boolean harmless(String operation) {
            return HARMLESS.contains(operation) || (name.equals("EINTR") && REPEATED.contains(operation));
        }

        /** Tells whether one operation fails and no other. */
        boolean alone() {
            return !name.contains(" ");
        }

        Mode every(int others, int offset) {
            return ALL ? this : new Mode(name, offset, others, plan);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final Mode FAILS = new Mode("EIO", 1, 1, n -> Faults.Plan.failOnce(n, Errno.EIO.number()));
    private static final Mode FULL = new Mode("ENOBUFS", 1, 1, n -> Faults.Plan.failOnce(n, Errno.ENOBUFS.number()));
    private static final Mode SIGNAL = new Mode("EINTR", 1, 1, n -> Faults.Plan.failOnce(n, Errno.EINTR.number()));
    private static final Mode BROKEN =
            new Mode("EIO from there on", 1, 1, n -> Faults.Plan.failFrom(n, Errno.EIO.number()));
    private static final Mode SHORT =
            new Mode("ENOMEM now and then", 1, 1, n -> Faults.Plan.failOften(n, Errno.ENOMEM.number()));

    /** Each operation fails at least once. */
    static Stream<Mode> modes() {
        return Stream.of(FAILS, FULL.every(5, 1), SIGNAL.every(5, 2), BROKEN.every(5, 3), SHORT.every(5, 4));
    }

    /** Each second operation fails once, in one of the ways. */
    static Stream<Mode> fewer() {
        return Stream.of(
                FAILS.every(10, 1), FULL.every(10, 3), SIGNAL.every(10, 5), BROKEN.every(10, 7), SHORT.every(10, 9));
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
            List<String> before = warmUp(node, inventory);
            everyStep("set-up", mode, () -> node.setUp(Pods.victim()), attempt -> {
                if (attempt.failure() == null) {
                    assertThat(node.check(Pods.VICTIM)).as(attempt.what()).isEmpty();
                }
                if (attempt.failure() == null || recorded(test)) {
                    assertThat(node.tearDown(Pods.VICTIM)).as(attempt.what()).isTrue();
                }
                requireSame(before, inventory::all, attempt);
            });
            requireNothing(node, test, inventory);
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void everyStepOfTearDownMayFail(Mode mode) throws Exception {
        try (TestNode test = new TestNode(directory);
                Inventory inventory = new Inventory(test, directory);
                Podnet node = Pods.node(test).start()) {
            List<String> before = warmUp(node, inventory);
            node.setUp(Pods.victim());
            everyStep("teardown", mode, () -> node.tearDown(Pods.VICTIM), attempt -> {
                boolean failed = attempt.failure() != null;
                if (failed) {
                    assertThat(attempt.failure()).isInstanceOf(PodnetException.Incomplete.class);
                    assertThat(node.pod(Pods.VICTIM)).as(attempt.what()).isEmpty();
                }
                assertThat(node.tearDown(Pods.VICTIM)).as(attempt.what()).isEqualTo(failed);
                requireSame(before, inventory::all, attempt);
                node.setUp(Pods.victim());
            });
            requireNothing(node, test, inventory);
        }
    }

    @ParameterizedTest
    @MethodSource("fewer")
    void everyStepOfTheFirstStartMayFail(Mode mode) throws Exception {
        try (TestNode test = new TestNode(directory);
                Inventory inventory = new Inventory(test, directory)) {
            try (Podnet node = Pods.node(test).start()) {
                node.removeAll();
            }
            List<String> before = inventory.lasting();
            List<Podnet> started = new ArrayList<>();
            everyStep("first start", mode, () -> started.add(Pods.node(test).start()), attempt -> {
                if (mode.alone()) {
                    assertThat(inventory.users()).as(attempt.what()).hasSameSizeAs(started);
                } else {
                    endProcess(inventory);
                    // Then taking back may have failed as well, and the next one to start has to do it.
                    started.forEach(Podnet::close);
                    started.clear();
                    started.add(Pods.node(test).start());
                }
                started.forEach(Podnet::removeAll);
                started.forEach(Podnet::close);
                started.clear();
                requireSame(before, inventory::lasting, attempt);
            });
            started.forEach(Podnet::close);
        }
    }

    @ParameterizedTest
    @MethodSource("fewer")
    void everyStepOfARestartMayFail(Mode mode) throws Exception {
        try (TestNode test = new TestNode(directory);
                Inventory inventory = new Inventory(test, directory)) {
            List<String> before;
            try (Podnet node = Pods.node(test).start()) {
                before = warmUp(node, inventory);
                before = inventory.lasting();
            }
            List<String> expected = before;
            List<Podnet> started = new ArrayList<>();
            everyStep("restart", mode, () -> started.add(Pods.node(test).start()), attempt -> {
                started.forEach(Podnet::close);
                started.clear();
                endProcess(inventory);
                requireSame(expected, inventory::lasting, attempt);
                try (Podnet node = Pods.node(test).start()) {
                    assertThat(node.check(Pods.KEEPER)).as(attempt.what()).isEmpty();
                }
            });
            started.forEach(Podnet::removeAll);
            started.forEach(Podnet::close);
        }
    }

    @Test
    void freeingLinksMayFail() throws Exception {
        try (TestNode test = new TestNode(directory);
                Inventory inventory = new Inventory(test, directory);
                Podnet node = Pods.node(test).start()) {
            List<String> before = warmUp(node, inventory);
            for (int n = 1; n <= 2; n++) {
                node.setUp(Pods.victim());
                Faults.armReaper(Faults.Plan.failOnce(n, Errno.EIO.number()));
                assertThat(node.tearDown(Pods.VICTIM)).isTrue();
                Settling.until(() -> Faults.hits() > 0);
                Faults.disarm();
                assertThat(Inventory.changes(before, inventory.all())).isEmpty();
            }
            requireNothing(node, test, inventory);
        }
    }

    /** With namespaces made ahead, what fails may be somebody else's: nobody counts on which operation it is. */
    @Test
    void namespacesMadeAheadMayFail() throws Exception {
        try (TestNode test = new TestNode(directory);
                Inventory inventory = new Inventory(test, directory)) {
            List<String> process = inventory.process();
            try (Podnet node = Pods.node(test).sandboxes("linux").start()) {
                warmUp(node, inventory);
                List<String> before = inventory.lasting();
                for (int n = 1; n < 240; n += ALL ? 1 : 5) {
                    Faults.arm(Faults.Plan.failOnce(n, Errno.EIO.number()));
                    PodnetException failure = null;
                    try {
                        node.setUp(Pods.victim());
                    } catch (PodnetException e) {
                        failure = e;
                    } finally {
                        Faults.disarm();
                    }
                    node.tearDown(Pods.VICTIM);
                    requireSame(before, inventory::lasting, new Attempt("spares, EIO at " + n, failure));
                }
                requireNothing(node, test, inventory);
            }
            assertThat(Inventory.changes(process, Settling.after(inventory::process, process)))
                    .isEmpty();
        }
    }

    /** Work that may be refused. */
    private interface Work {
        void run() throws Exception;
    }

    /** What follows an attempt. */
    private interface Afterwards {
        void run(Attempt attempt) throws Exception;
    }

    /**
     * One run in which something failed.
     *
     * @param what says where, for messages
     * @param failure what the caller got, null where it got nothing
     */
    private record Attempt(String what, PodnetException failure) {}

    /** Runs work until the failing operation comes after its end. */
    private static void everyStep(String name, Mode mode, Work work, Afterwards afterwards) throws Exception {
        Set<String> harmless = new TreeSet<>();
        int failed = 0;
        for (int n = mode.first(); ; n += mode.step()) {
            assertThat(n)
                    .as("operations, which should not become more each time")
                    .isLessThan(MOST_OPERATIONS);
            PodnetException failure = null;
            int hits;
            List<String> operations;
            Faults.arm(mode.plan().apply(n));
            try {
                work.run();
            } catch (PodnetException e) {
                failure = e;
            } finally {
                hits = Faults.hits();
                operations = Faults.disarm();
            }
            if (hits == 0) {
                System.out.println(name + ", " + mode + ": " + operations.size() + " operations, " + failed
                        + " made it fail, not " + harmless);
                assertThat(failed).isPositive();
                return;
            }
            String operation = operations.get(n - 1);
            if (failure == null) {
                harmless.add(kind(operation));
                String before = operations.get(Math.max(0, n - 2));
                assertThat(mode.harmless(kind(operation)) || onlySavesWork(operation) || onlySavesWork(before))
                        .as(operation + " after " + before + " failed in vain")
                        .isTrue();
            } else {
                failed++;
            }
            afterwards.run(new Attempt(name + ", " + mode + " at " + n + " (" + operation + ")", failure));
        }
    }

    /** Where the search for an address goes on, addresses that rest, and the mark of a directory that is read again without. */
    private static boolean onlySavesWork(String operation) {
        return operation.contains("last_reserved_ip")
                || operation.contains("/cooling/")
                || operation.matches("lease setModified .*/ipam/bridge");
    }

    /** The operation without its path; for lease files with what is done to them. */
    private static String kind(String operation) {
        String[] words = operation.split(" ");
        return words.length > 1 && !words[1].startsWith("/") ? words[0] + " " + words[1] : words[0];
    }

    /** What the process's end does: users of the lease directory that could not say good-bye are gone all the same. */
    private static void endProcess(Inventory inventory) throws IOException {
        for (String user : inventory.users()) {
            Files.deleteIfExists(Path.of(user));
        }
    }

    private static List<String> warmUp(Podnet node, Inventory inventory) throws IOException {
        node.setUp(Pods.keeper());
        node.setUp(Pods.victim());
        node.tearDown(Pods.VICTIM);
        node.quiesce();
        return inventory.all();
    }

    private static boolean recorded(TestNode test) {
        return Podnet.records(test.state()).stream()
                .map(AttachmentRecord::spec)
                .anyMatch(spec -> spec.id().equals(Pods.VICTIM));
    }

    private static void requireSame(List<String> before, Settling.Look look, Attempt attempt) throws IOException {
        List<String> changes = Inventory.changes(before, Settling.after(look, before));
        if (!changes.isEmpty()) {
            fail(attempt.what() + ": " + changes, attempt.failure());
        }
    }

    private static void requireNothing(Podnet node, TestNode test, Inventory inventory) throws IOException {
        assertThat(node.check(Pods.KEEPER)).isEmpty();
        node.quiesce();
        assertThat(test.kernel()).noneMatch(line -> line.contains(Inventory.DEAD));
        node.removeAll();
        node.close();
        Pods.node(test).start().close();
        assertThat(inventory.strays()).isEmpty();
    }
}
