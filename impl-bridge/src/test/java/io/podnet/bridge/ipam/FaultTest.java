package io.podnet.bridge.ipam;

import static io.podnet.bridge.ipam.Node.addresses;
import static io.podnet.bridge.ipam.Node.owner;
import static io.podnet.bridge.ipam.Node.reserve;
import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.PodnetException;
import io.podnet.spi.Ipam;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Lets each file operation of a life fail, or be the process's last, one after the other. Afterwards every address file
 * names its whole owner, committed leases are all there, and once everything is given back, the pool is as large as
 * ever.
 */
class FaultTest {
    private static final int POOL = 5;

    @TempDir(factory = MemoryDirectory.class)
    Path root;

    @ParameterizedTest
    @EnumSource
    void everyOperationMayFail(WatchedFileOps.Fault fault) throws IOException {
        int operation = 1;
        while (live(fault, operation)) {
            operation++;
        }
        // A life without any operation would prove nothing.
        assertThat(operation).isGreaterThan(100);
    }

    private boolean live(WatchedFileOps.Fault fault, int operation) throws IOException {
        String context = fault + " at operation " + operation;
        Node node = new Node(root.resolve(fault + "-" + operation));
        WatchedFileOps watched = new WatchedFileOps();
        List<String> committed = new ArrayList<>();
        try (Ipam first = node.open(new WatchedFileOps().ops(), "10.1.0.0/29", "fd00::/64")) {
            committed.addAll(reserve(first, "before"));
            first.commit(owner("before"));
            reserve(first, "toRelease");
            first.commit(owner("toRelease"));
            reserve(first, "leftover");
        }
        Files.writeString(node.network().resolve("10.1.0.5"), "");
        boolean released = false;
        watched.arm(fault, operation);
        Ipam ipam = null;
        try {
            ipam = node.open(watched.ops(), "10.1.0.0/29", "fd00::/64");
            // Each one on its own, so that the later ones work after a single failure too.
            Ipam opened = ipam;
            attempt(opened::status, null);
            List<String> fresh = attempt(() -> reserve(opened, "new"), List.of());
            if (!fresh.isEmpty() && attempt(() -> commit(opened, "new"), false)) {
                committed.addAll(fresh);
            }
            released = attempt(() -> !ipamRelease(opened, "toRelease").isEmpty(), false);
            attempt(() -> reserve(opened, "pending"), List.of());
            attempt(opened::list, List.of());
            // Without dying, nothing may be lost for the process itself either.
            boolean fired = watched.fired();
            watched.disarm();
            if (fresh.isEmpty() && fault != WatchedFileOps.Fault.FAIL_FROM_HERE) {
                assertThat(opened.lease(owner("new"))).as(context).isEmpty();
            }
            verify(opened, node, committed, context);
            opened.close();
            if (!fired) {
                return false;
            }
        } catch (PodnetException expected) {
            assertThat(ipam).as(context + ", " + expected).isNull();
        } catch (WatchedFileOps.Death end) {
            assertThat(fault.name()).startsWith("DIE");
        }
        node.killAll();
        try (Ipam next = node.open(new WatchedFileOps().ops(), "10.1.0.0/29", "fd00::/64")) {
            verify(next, node, committed, context);
            assertThat(next.list()).as(context).allMatch(Ipam.Lease::committed);
            assertThat(next.lease(owner("pending"))).as(context).isEmpty();
            assertThat(next.lease(owner("leftover"))).as(context).isEmpty();
            if (released) {
                assertThat(next.lease(owner("toRelease"))).as(context).isEmpty();
            }
            assertThat(names(node.side().resolve("staging"))).as(context).isEmpty();
            next.gc(Set.of());
            node.pass(Node.COOL_DOWN);
            for (int i = 0; i < POOL; i++) {
                reserve(next, "all" + i);
            }
            assertThat(next.status().allocated()).as(context).isEqualTo(POOL);
        }
        return true;
    }

    private static boolean commit(Ipam ipam, String name) {
        ipam.commit(owner(name));
        return true;
    }

    private static List<?> ipamRelease(Ipam ipam, String name) {
        return ipam.release(owner(name));
    }

    private static <T> T attempt(Supplier<T> action, T otherwise) {
        try {
            return action.get();
        } catch (PodnetException.StateFailure injected) {
            assertThat(injected).hasMessageContaining("injected");
            return otherwise;
        }
    }

    private static void verify(Ipam ipam, Node node, List<String> committed, String context) throws IOException {
        List<String> held = new ArrayList<>();
        for (Ipam.Lease lease : ipam.list()) {
            held.addAll(addresses(lease));
        }
        assertThat(held).as(context).doesNotHaveDuplicates().containsAll(committed);
        for (String name : names(node.network())) {
            if (name.startsWith("10.") || name.startsWith("fd00")) {
                byte[] content = Files.readAllBytes(node.network().resolve(name));
                if (content.length > 0) {
                    assertThat(held).as(context).contains(name);
                    assertThat(Holder.parse(content).orElseThrow().ifName())
                            .as(context)
                            .isEqualTo("eth0");
                }
            }
        }
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
