package io.podnet.bridge.ipam;

import static io.podnet.bridge.ipam.Node.owner;
import static io.podnet.bridge.ipam.Node.reserve;
import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.spi.Ipam;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counts file operations: an operation on a full pool does as many as one on an empty pool. */
class OperationCountTest {
    @TempDir(factory = MemoryDirectory.class)
    Path root;

    @Test
    void costDoesNotGrowWithTheNumberOfLeases() throws IOException {
        List<Long> few = costs(10);
        assertThat(costs(1_000)).isEqualTo(few);
        assertThat(costs(60_000)).isEqualTo(few);
        assertThat(few.get(0)).as("reserve of two addresses").isLessThan(30);
        assertThat(few.get(1)).as("commit").isLessThan(10);
    }

    private List<Long> costs(int leases) throws IOException {
        Node node = new Node(root.resolve("leases" + leases));
        Files.createDirectories(node.network());
        // Written as host-local does, without fsync.
        for (int i = 0; i < leases; i++) {
            String address = "10.1." + (i + 2) / 256 + "." + (i + 2) % 256;
            Files.writeString(node.network().resolve(address), "old" + i + "\r\neth0");
        }
        WatchedFileOps watched = new WatchedFileOps();
        List<Long> costs = new ArrayList<>();
        try (Ipam ipam = node.open(watched.ops(), "10.1.0.0/16", "fd00::/64")) {
            List<Runnable> actions = List.of(
                    () -> reserve(ipam, "a"),
                    () -> ipam.commit(owner("a")),
                    () -> ipam.lease(owner("a")),
                    () -> reserve(ipam, "a"),
                    () -> ipam.preview(List.of()),
                    ipam::status,
                    () -> ipam.release(owner("a")),
                    () -> ipam.release(owner("a")),
                    () -> reserve(ipam, "b", "10.1.255.7"),
                    () -> ipam.release(owner("b")));
            for (Runnable action : actions) {
                long before = watched.count;
                action.run();
                costs.add(watched.count - before);
            }
            assertThat(ipam.list()).hasSize(leases);
            assertThat(ipam.gc(Set.of())).hasSize(leases);
        }
        return costs;
    }
}
