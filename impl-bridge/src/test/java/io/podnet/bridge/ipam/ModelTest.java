package io.podnet.bridge.ipam;

import static io.podnet.bridge.ipam.Node.owner;
import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.AttachmentId;
import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.spi.Ipam;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of random operations, through two users of one directory, against sets and maps. */
class ModelTest {
    private static final int POOL = 13;
    private static final int OWNERS = 18;

    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    private final Map<AttachmentId, List<IpAddress>> leases = new HashMap<>();
    private final Set<AttachmentId> pending = new HashSet<>();
    private final Map<IpAddress, Instant> released = new TreeMap<>();
    private Node node;
    private Random random;

    @Test
    void agreesWithTheModel() {
        long seed = Long.getLong("podnet.test.seed", new Random().nextLong());
        random = new Random(seed);
        node = new Node(directory);
        Ipam[] users = {open(), open()};
        for (int step = 0; step < 6_000; step++) {
            Ipam ipam = users[random.nextInt(users.length)];
            try {
                step(ipam, users);
                if (step % 50 == 0) {
                    compare(users[random.nextInt(users.length)]);
                }
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ", step " + step, e);
            }
        }
        users[0].close();
        users[1].close();
    }

    private Ipam open() {
        return node.open("10.1.0.0/28", "fd00::/124");
    }

    private void step(Ipam ipam, Ipam[] users) {
        AttachmentId owner = owner(random.nextInt(OWNERS));
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4, 5 -> reserve(ipam, owner, List.of());
            case 6 -> reserve(ipam, owner, List.of(IpAddress.parse("10.1.0." + (2 + random.nextInt(POOL)))));
            case 7, 8, 9 -> commit(ipam, owner);
            case 10, 11, 12, 13, 14 -> {
                assertThat(ipam.release(owner)).isEqualTo(leases.getOrDefault(owner, List.of()));
                forget(owner);
            }
            case 15 -> assertThat(ipam.lease(owner).isPresent()).isEqualTo(leases.containsKey(owner));
            case 16, 17 -> node.pass(Duration.ofSeconds(random.nextInt(20)));
            case 18 -> {
                if (random.nextInt(20) == 0) {
                    gc(ipam);
                } else if (random.nextInt(40) == 0) {
                    node.reboot();
                    Set.copyOf(leases.keySet()).forEach(this::forgetWithoutCoolDown);
                    users[0] = open();
                    users[1] = open();
                }
            }
            default -> {
                if (random.nextInt(20) == 0) {
                    node.killAll();
                    Set.copyOf(pending).forEach(this::forget);
                    users[0] = open();
                    users[1] = open();
                }
            }
        }
    }

    private void reserve(Ipam ipam, AttachmentId owner, List<IpAddress> requested) {
        List<IpAddress> mine = leases.get(owner);
        boolean conflict = mine != null
                ? !mine.containsAll(requested)
                : leases.values().stream().anyMatch(held -> requested.stream().anyMatch(held::contains));
        Set<IpAddress> blocked = new HashSet<>();
        leases.values().forEach(blocked::addAll);
        released.forEach((address, at) -> {
            if (at.plus(Node.COOL_DOWN).isAfter(node.now)) {
                blocked.add(address);
            }
        });
        long free4 =
                POOL - blocked.stream().filter(a -> a.toString().contains(".")).count();
        long free6 = POOL
                + 1
                - blocked.stream().filter(a -> a.toString().contains(":")).count();
        boolean full = mine == null && (free6 == 0 || (free4 == 0 && requested.isEmpty()));
        try {
            List<IpAddress> got = ipam.reserve(owner, requested).assignments().stream()
                    .map(assignment -> assignment.address().address())
                    .toList();
            assertThat(conflict || full).as("refused by the model").isFalse();
            if (mine != null) {
                assertThat(got).isEqualTo(mine);
                return;
            }
            assertThat(got).hasSize(2).containsAll(requested);
            assertThat(blocked).doesNotContain(got.get(1));
            if (requested.isEmpty()) {
                assertThat(blocked).doesNotContain(got.get(0));
            }
            leases.put(owner, got);
            pending.add(owner);
            got.forEach(released::remove);
        } catch (PodnetException.Conflict e) {
            assertThat(conflict).as(e.getMessage()).isTrue();
        } catch (PodnetException.PoolExhausted e) {
            assertThat(full).as(e.getMessage()).isTrue();
        }
    }

    private void commit(Ipam ipam, AttachmentId owner) {
        try {
            ipam.commit(owner);
            assertThat(leases).containsKey(owner);
            pending.remove(owner);
        } catch (PodnetException.NotFound e) {
            assertThat(leases).doesNotContainKey(owner);
        }
    }

    private void gc(Ipam ipam) {
        Set<AttachmentId> valid = new HashSet<>();
        leases.keySet().stream().filter(owner -> random.nextBoolean()).forEach(valid::add);
        Set<AttachmentId> gone = new HashSet<>(leases.keySet());
        gone.removeAll(valid);
        assertThat(ipam.gc(valid)).isEqualTo(gone);
        gone.forEach(this::forget);
        pending.clear();
    }

    private void forget(AttachmentId owner) {
        leases.getOrDefault(owner, List.of()).forEach(address -> released.put(address, node.now));
        forgetWithoutCoolDown(owner);
    }

    private void forgetWithoutCoolDown(AttachmentId owner) {
        leases.remove(owner);
        pending.remove(owner);
    }

    private void compare(Ipam ipam) {
        List<String> expected = new ArrayList<>();
        leases.forEach((owner, held) -> expected.add(owner + " " + held + " " + !pending.contains(owner)));
        assertThat(ipam.list())
                .extracting(lease -> lease.owner() + " "
                        + lease.assignments().stream()
                                .map(a -> a.address().address())
                                .toList() + " "
                        + lease.committed())
                .containsExactlyInAnyOrderElementsOf(expected);
        Ipam.Fill fill = ipam.status();
        assertThat(fill.allocated()).isEqualTo(leases.size());
        long cooling4 = cooling(".");
        long cooling6 = cooling(":");
        // The IPv6 set has one address more, and may be the scarcer one all the same.
        boolean scarcer6 = POOL + 1 - cooling6 < POOL - cooling4;
        assertThat(fill.capacity()).isEqualTo(scarcer6 ? POOL + 1 : POOL);
        assertThat(fill.coolingDown()).isEqualTo(scarcer6 ? cooling6 : cooling4);
    }

    private long cooling(String separator) {
        return released.entrySet().stream()
                .filter(entry -> entry.getKey().toString().contains(separator))
                .filter(entry -> entry.getValue().plus(Node.COOL_DOWN).isAfter(node.now))
                .count();
    }
}
