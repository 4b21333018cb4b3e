package io.podnet.bridge.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.PodNetwork;
import io.podnet.api.Podnet;
import io.podnet.bridge.Datagrams;
import io.podnet.bridge.TestNode;
import io.podnet.bridge.ipam.MemoryDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Kills a JVM with SIGKILL at operations of a set-up, a teardown or a start: at every write of a record or a lease, and
 * at every call of the C library where {@code -Dpodnet.faults=all} is set, at some otherwise. Whoever starts next on the
 * same state finds the pod from before working and the other one whole or gone, and nothing else.
 */
class KillTest {
    private static final boolean ALL = "all".equals(System.getProperty("podnet.faults"));
    private static final Pattern WRITES = Pattern.compile("record (write|remove).*"
            + "|lease (createDirectory|createFile|overwrite|link|rename|delete|setModified) .*");

    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    @ParameterizedTest
    @EnumSource
    void nothingIsLostOrLeftWhenKilled(DoomedProcess.Work work) throws Exception {
        try (TestNode test = new TestNode(directory);
                Inventory inventory = new Inventory(test, directory)) {
            List<String> nothing = inventory.lasting();
            List<String> before;
            try (Podnet node = Pods.node(test).start()) {
                // Its files for /etc come with the first use of its sandbox, so that the inventory has them.
                node.setUp(Pods.keeper()).sandbox();
                node.setUp(Pods.victim());
                node.tearDown(Pods.VICTIM);
                before = inventory.lasting();
            }
            List<Integer> points = points(work, test, inventory, before);
            Path namespace = test.namespace().path();
            int survivors = 0;
            DoomedProcess next = new DoomedProcess(namespace, directory);
            try {
                for (int i = 0; i < points.size(); i++) {
                    DoomedProcess present = next;
                    // The next one starts while this one works.
                    next = new DoomedProcess(namespace, directory);
                    List<String> survived = present.run(work, points.get(i));
                    if (!survived.isEmpty()) {
                        // How many calls a start makes varies a little: what came back in one read may need two.
                        assertThat(survived).hasSizeLessThan(points.get(i));
                        survivors++;
                    }
                    verify(test, inventory, before, work + " killed at " + points.get(i));
                }
            } finally {
                next.close();
            }
            assertThat(survivors)
                    .as("processes that ended before they were to be killed")
                    .isLessThan(4);
            try (Podnet node = Pods.node(test).start()) {
                node.removeAll();
            }
            List<String> after = new ArrayList<>(inventory.lasting());
            after.removeAll(nothing);
            assertThat(after).as("left after everything was removed").allMatch(KillTest::isDirectoryOfTheNode);
        }
    }

    /** Directories stay for the next start, with what each of them always has. */
    private static boolean isDirectoryOfTheNode(String line) {
        return line.equals("file podnet-ns")
                || line.matches("mount \\S+/netns \\S+")
                || (line.startsWith("file state") && !line.matches(".*[0-9a-f]{12}.*|.*10\\.244.*|.*fd00.*"));
    }

    /** What a teardown does is all its own, a start mostly looks. */
    private static int stride(DoomedProcess.Work work) {
        if (ALL) {
            return 1;
        }
        return switch (work) {
            case START -> 50;
            case SET_UP -> 16;
            case TEAR_DOWN -> 6;
        };
    }

    private List<Integer> points(DoomedProcess.Work work, TestNode test, Inventory inventory, List<String> before)
            throws Exception {
        List<String> operations;
        try (DoomedProcess child = new DoomedProcess(test.namespace().path(), directory)) {
            operations = child.run(work, Integer.MAX_VALUE);
        }
        verify(test, inventory, before, work + " not killed");
        List<Integer> points = new ArrayList<>();
        for (int n = 1; n <= operations.size(); n++) {
            if (n % stride(work) == 0 || WRITES.matcher(operations.get(n - 1)).matches()) {
                points.add(n);
            }
        }
        System.out.println(work + ": killed at " + points.size() + " of " + operations.size() + " operations");
        return points;
    }

    private static void verify(TestNode test, Inventory inventory, List<String> before, String what) throws Exception {
        try (Podnet node = Pods.node(test).start()) {
            PodNetwork keeper = node.pod(Pods.KEEPER).orElseThrow(() -> new AssertionError(what + ": pod lost"));
            assertThat(node.check(Pods.KEEPER)).as(what).isEmpty();
            assertThat(Datagrams.sourceSeen(
                            keeper.sandbox(), test, keeper.status().gateways().get(0)))
                    .as(what)
                    .isEqualTo(keeper.ips().get(0));
            Optional<PodNetwork> victim = node.pod(Pods.VICTIM);
            if (victim.isPresent()) {
                assertThat(node.check(Pods.VICTIM)).as(what).isEmpty();
                assertThat(node.tearDown(Pods.VICTIM)).as(what).isTrue();
            }
            assertThat(Podnet.records(test.state())).as(what).hasSize(1);
            node.quiesce();
            assertThat(Inventory.changes(before, inventory.lasting())).as(what).isEmpty();
            assertThat(inventory.strays()).as(what).isEmpty();
        }
    }
}
