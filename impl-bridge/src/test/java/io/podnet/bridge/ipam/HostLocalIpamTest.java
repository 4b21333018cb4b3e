package io.podnet.bridge.ipam;

import static io.podnet.bridge.ipam.Node.addresses;
import static io.podnet.bridge.ipam.Node.ips;
import static io.podnet.bridge.ipam.Node.owner;
import static io.podnet.bridge.ipam.Node.reserve;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.AttachmentId;
import io.podnet.api.Cidr;
import io.podnet.api.Condition;
import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.spi.AddressRange;
import io.podnet.spi.AddressRangeSet;
import io.podnet.spi.Ipam;
import io.podnet.spi.IpamProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostLocalIpamTest {
    @TempDir
    Path directory;

    private Node node;

    @BeforeEach
    void start() {
        node = new Node(directory);
    }

    @Test
    void isFoundByName() {
        assertThat(ServiceLoader.load(IpamProvider.class))
                .extracting(IpamProvider::name)
                .contains("host-local");
    }

    @Test
    void givesAnAddressOfEachSetAndTheSameAgain() throws IOException {
        try (Ipam ipam = node.open("10.1.0.0/24", "fd00::/64")) {
            Ipam.Lease lease = ipam.reserve(owner(1), List.of());
            assertThat(lease.assignments())
                    .hasToString("[Assignment[address=10.1.0.2/24, gateway=Optional[10.1.0.1]],"
                            + " Assignment[address=fd00::2/64, gateway=Optional[fd00::1]]]");
            assertThat(lease.committed()).isFalse();
            assertThat(ipam.reserve(owner(1), List.of())).isEqualTo(lease);
            ipam.commit(owner(1));
            ipam.commit(owner(1));
            assertThat(ipam.reserve(owner(1), List.of()).committed()).isTrue();
            assertThat(ipam.list()).containsExactly(ipam.lease(owner(1)).orElseThrow());
            assertThat(node.network().resolve("10.1.0.2")).hasContent("pod1\r\neth0");
            assertThat(node.network().resolve("fd00::2")).hasContent("pod1\r\neth0");
            assertThat(node.network().resolve("last_reserved_ip.0")).hasContent("10.1.0.2");
            assertThat(node.network().resolve("last_reserved_ip.1")).hasContent("fd00::2");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(node.network())))
                    .isEqualTo("rwx------");
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(node.network().resolve("10.1.0.2"))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void goesRoundBeforeItReuses() {
        try (Ipam ipam = node.open("10.1.0.0/29")) {
            List<String> seen = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                seen.addAll(reserve(ipam, i));
                ipam.release(owner(i));
                node.pass(Node.COOL_DOWN);
            }
            assertThat(seen.subList(0, 5)).containsExactly("10.1.0.2", "10.1.0.3", "10.1.0.4", "10.1.0.5", "10.1.0.6");
            assertThat(seen.subList(5, 10)).isEqualTo(seen.subList(0, 5));
        }
    }

    @Test
    void goesOnAfterARestartWhereItWas() {
        try (Ipam ipam = node.open("10.1.0.0/24")) {
            assertThat(reserve(ipam, 1)).containsExactly("10.1.0.2");
            ipam.commit(owner(1));
        }
        try (Ipam ipam = node.open("10.1.0.0/24")) {
            assertThat(ipam.lease(owner(1)).orElseThrow().committed()).isTrue();
            ipam.release(owner(1));
            assertThat(reserve(ipam, 2)).containsExactly("10.1.0.3");
        }
    }

    @Test
    void neverHandsOutGatewaysExclusionsNetworkAndBroadcast() {
        Cidr subnet = Cidr.parse("10.1.0.0/27");
        AddressRange low = new AddressRange(
                subnet,
                IpAddress.parse("10.1.0.0"),
                IpAddress.parse("10.1.0.15"),
                Optional.of(IpAddress.parse("10.1.0.20")),
                List.of(Cidr.parse("10.1.0.4/30"), Cidr.parse("10.1.0.14/32")));
        AddressRange high = new AddressRange(
                subnet, IpAddress.parse("10.1.0.16"), IpAddress.parse("10.1.0.31"), Optional.empty(), List.of());
        List<AddressRangeSet> sets = List.of(new AddressRangeSet(List.of(low, high)));
        try (Ipam ipam = node.open(new PosixFileOps(), Map.of(), sets)) {
            Set<String> all = new HashSet<>();
            long capacity = ipam.status().capacity();
            for (int i = 0; i < capacity; i++) {
                all.addAll(reserve(ipam, i));
            }
            assertThat(capacity).isEqualTo(32 - 2 - 4 - 1 - 1);
            assertThat(all)
                    .hasSize((int) capacity)
                    .doesNotContain(
                            "10.1.0.0", "10.1.0.31", "10.1.0.20", "10.1.0.14", "10.1.0.4", "10.1.0.5", "10.1.0.6");
            assertThatThrownBy(() -> reserve(ipam, "more"))
                    .isInstanceOfSatisfying(PodnetException.PoolExhausted.class, full -> {
                        assertThat(full.capacity()).isEqualTo(capacity);
                        assertThat(full.allocated()).isEqualTo(capacity);
                    });
            for (String refused : List.of("10.1.0.0", "10.1.0.31", "10.1.0.20", "10.1.0.6", "10.2.0.1")) {
                assertThatThrownBy(() -> reserve(ipam, "more", refused))
                        .isInstanceOf(PodnetException.Invalid.class)
                        .hasMessageContaining(refused);
            }
        }
    }

    @Test
    void anIpv6SubnetCostsNothing() {
        try (Ipam ipam = node.open("fd00::/48")) {
            assertThat(ipam.status().capacity()).isEqualTo(Long.MAX_VALUE);
            assertThat(reserve(ipam, 1)).containsExactly("fd00::2");
            assertThat(reserve(ipam, 2, "fd00::7fff:ffff:ffff:fff0")).containsExactly("fd00::7fff:ffff:ffff:fff0");
            assertThat(reserve(ipam, 3)).containsExactly("fd00::7fff:ffff:ffff:fff1");
        }
    }

    @Test
    void givesRequestedAddressesOrSaysWhoHasThem() {
        try (Ipam ipam = node.open("10.1.0.0/24", "fd00::/64")) {
            assertThat(reserve(ipam, 1, "10.1.0.77")).containsExactly("10.1.0.77", "fd00::2");
            assertThat(reserve(ipam, 1, "10.1.0.77")).containsExactly("10.1.0.77", "fd00::2");
            assertThatThrownBy(() -> reserve(ipam, 1, "10.1.0.78"))
                    .isInstanceOf(PodnetException.Conflict.class)
                    .hasMessageContaining("10.1.0.77");
            assertThatThrownBy(() -> reserve(ipam, 2, "10.1.0.77", "fd00::9"))
                    .isInstanceOf(PodnetException.Conflict.class)
                    .hasMessageContaining("pod1/eth0");
            assertThat(ipam.lease(owner(2))).isEmpty();
            assertThat(node.network().resolve("fd00::9")).doesNotExist();
            assertThatThrownBy(() -> reserve(ipam, 2, "10.1.0.8", "10.1.0.9"))
                    .isInstanceOf(PodnetException.Invalid.class);
        }
    }

    @Test
    void reservesAllFamiliesOrNone() {
        try (Ipam ipam = node.open("fd00::/64", "10.1.0.0/30")) {
            assertThat(reserve(ipam, 1)).containsExactly("10.1.0.2", "fd00::2");
            assertThatThrownBy(() -> reserve(ipam, 2)).isInstanceOf(PodnetException.PoolExhausted.class);
            assertThat(ipam.list()).hasSize(1);
            assertThat(node.network().resolve("fd00::3")).doesNotExist();
        }
    }

    @Test
    void letsAddressesCoolDown() {
        try (Ipam ipam = node.open("10.1.0.0/29")) {
            for (int i = 0; i < 5; i++) {
                reserve(ipam, i);
            }
            assertThat(ipam.release(owner(3))).hasToString("[10.1.0.5]");
            assertThat(ipam.release(owner(3))).isEmpty();
            node.pass(Duration.ofSeconds(10));
            ipam.release(owner(0));
            assertThatThrownBy(() -> reserve(ipam, "a"))
                    .isInstanceOfSatisfying(PodnetException.PoolExhausted.class, full -> {
                        assertThat(full.allocated()).isEqualTo(3);
                        assertThat(full.coolingDown()).isEqualTo(2);
                        assertThat(full.retryable()).isTrue();
                    });
            assertThat(ipam.status().condition().reason()).isEqualTo("PoolCoolingDown");
            node.pass(Duration.ofSeconds(20));
            assertThat(reserve(ipam, "a")).containsExactly("10.1.0.5");
            assertThat(ipam.status().coolingDown()).isEqualTo(1);
            node.pass(Duration.ofSeconds(10));
            assertThat(reserve(ipam, "b")).containsExactly("10.1.0.2");
        }
    }

    @Test
    void coolDownSurvivesARestartButARequestDoesNotWait() {
        try (Ipam ipam = node.open("10.1.0.0/30")) {
            reserve(ipam, 1);
            node.pass(Duration.ofMinutes(5));
            ipam.release(owner(1));
        }
        node.pass(Node.COOL_DOWN.minusMillis(1));
        try (Ipam ipam = node.open("10.1.0.0/30")) {
            assertThatThrownBy(() -> reserve(ipam, 2)).isInstanceOf(PodnetException.PoolExhausted.class);
            assertThat(reserve(ipam, 2, "10.1.0.2")).containsExactly("10.1.0.2");
            assertThat(node.side().resolve("cooling")).isEmptyDirectory();
        }
    }

    @Test
    void aClockSetBackDoesNotProlongTheCoolDown() {
        try (Ipam ipam = node.open("10.1.0.0/30")) {
            reserve(ipam, 1);
            ipam.release(owner(1));
            node.pass(Duration.ofDays(-400));
            assertThatThrownBy(() -> reserve(ipam, 2)).isInstanceOf(PodnetException.PoolExhausted.class);
            node.pass(Node.COOL_DOWN);
            assertThat(reserve(ipam, 2)).containsExactly("10.1.0.2");
        }
    }

    @Test
    void tellsHowFullTheScarcestSetIs() {
        try (Ipam ipam = node.open("fd00::/64", "10.1.0.0/28")) {
            assertThat(ipam.status()).isEqualTo(new Ipam.Fill(Condition.READY, 13, 0, 0));
            for (int i = 0; i < 11; i++) {
                reserve(ipam, i);
            }
            assertThat(ipam.status().condition()).isEqualTo(Condition.READY);
            reserve(ipam, 11);
            assertThat(ipam.status().condition().code()).isEqualTo(Condition.Code.LIMITED);
            reserve(ipam, 12);
            assertThat(ipam.status().condition().code()).isEqualTo(Condition.Code.NOT_READY);
            assertThat(ipam.status().condition().reason()).isEqualTo("PoolExhausted");
            assertThat(ipam.status().condition().message()).contains("13 of 13");
        }
        try (Ipam empty = new Node(directory.resolve("other")).open()) {
            assertThat(empty.status().condition().reason()).isEqualTo("NoRanges");
        }
    }

    @Test
    void previewChangesNothing() throws IOException {
        try (Ipam ipam = node.open("10.1.0.0/29", "fd00::/64")) {
            reserve(ipam, 1);
            Set<String> before = tree();
            List<Ipam.Assignment> shown = ipam.preview(ips("fd00::8"));
            assertThat(ipam.preview(ips("fd00::8"))).isEqualTo(shown);
            assertThat(tree()).isEqualTo(before);
            assertThat(ipam.reserve(owner(2), ips("fd00::8")).assignments()).isEqualTo(shown);
            assertThatThrownBy(() -> ipam.preview(ips("fd00::8"))).isInstanceOf(PodnetException.Conflict.class);
        }
    }

    private Set<String> tree() throws IOException {
        try (var files = Files.walk(directory)) {
            Set<String> found = new HashSet<>();
            for (Path file : files.toList()) {
                found.add(file + " " + Files.getLastModifiedTime(file));
            }
            return found;
        }
    }

    @Test
    void gcKeepsTheValidOnly() {
        try (Ipam ipam = node.open("10.1.0.0/24")) {
            for (int i = 0; i < 6; i++) {
                reserve(ipam, i);
            }
            ipam.commit(owner(5));
            assertThat(ipam.gc(Set.of(owner(1), owner(5), owner(99))))
                    .containsExactlyInAnyOrder(owner(0), owner(2), owner(3), owner(4));
            assertThat(ipam.list()).hasSize(2).allMatch(Ipam.Lease::committed);
        }
        try (Ipam ipam = node.open("10.1.0.0/24")) {
            assertThat(ipam.list()).hasSize(2);
            assertThat(ipam.gc(Set.of())).hasSize(2);
            assertThat(ipam.list()).isEmpty();
            assertThatThrownBy(() -> ipam.commit(owner(1))).isInstanceOf(PodnetException.NotFound.class);
        }
    }

    @Test
    void freesUncommittedLeasesOfTheDeadButNotOfTheLiving() {
        Ipam crashed = node.open("10.1.0.0/24", "fd00::/64");
        reserve(crashed, "crashed");
        reserve(crashed, "adopted");
        reserve(crashed, "committed");
        crashed.commit(owner("committed"));
        node.killAll();
        // One that runs on keeps what it adopts.
        Ipam living = node.open("10.1.0.0/24", "fd00::/64");
        assertThat(living.lease(owner("crashed"))).isEmpty();
        assertThat(living.lease(owner("committed"))).isPresent();
        reserve(living, "pending");
        try (Ipam second = node.open("10.1.0.0/24", "fd00::/64")) {
            assertThat(second.lease(owner("pending")).orElseThrow().committed()).isFalse();
            reserve(second, "pending");
        }
        // The second one adopted it, and closed.
        try (Ipam third = node.open("10.1.0.0/24", "fd00::/64")) {
            assertThat(third.lease(owner("pending"))).isEmpty();
            reserve(living, "kept");
            try (Ipam fourth = node.open("10.1.0.0/24", "fd00::/64")) {
                assertThat(fourth.list())
                        .extracting(Ipam.Lease::owner)
                        .containsExactlyInAnyOrder(owner("kept"), owner("committed"));
                fourth.commit(owner("kept"));
            }
            assertThat(living.lease(owner("kept")).orElseThrow().committed()).isTrue();
            assertThat(third.lease(owner("kept")).orElseThrow().committed()).isTrue();
        }
        living.close();
    }

    @Test
    void aLeaseThatTheDeadAndTheLivingClaimStays() throws IOException {
        try (Ipam living = node.open("10.1.0.0/24")) {
            reserve(living, "kept");
            // As left by a process that ended while its lease was taken over.
            Path dead = Files.createDirectory(node.side().resolve("instances/crashed"));
            Files.createFile(dead.resolve("podkept:eth0"));
            try (Ipam next = node.open("10.1.0.0/24")) {
                assertThat(next.lease(owner("kept")).orElseThrow().committed()).isFalse();
                assertThat(dead).doesNotExist();
            }
        }
    }

    @Test
    void freesLeasesOfEarlierBoots() throws IOException {
        try (Ipam ipam = node.open("10.1.0.0/24")) {
            for (int i = 0; i < 3; i++) {
                reserve(ipam, i);
                ipam.commit(owner(i));
            }
        }
        node.reboot();
        // Written by host-local in the new boot, before us.
        Path early = node.network().resolve("10.1.0.200");
        Files.writeString(early, "early\r\neth0");
        Files.setLastModifiedTime(
                early,
                java.nio.file.attribute.FileTime.from(java.time.Instant.now().plusSeconds(90)));
        try (Ipam ipam = node.open("10.1.0.0/24")) {
            assertThat(ipam.list())
                    .extracting(lease -> lease.owner().sandboxId())
                    .containsExactly("early");
            reserve(ipam, "new");
            ipam.commit(owner("new"));
        }
        try (Ipam ipam = node.open("10.1.0.0/24")) {
            assertThat(ipam.list()).hasSize(2);
        }
    }

    @Test
    void understandsWhatOthersWrote() throws IOException {
        Files.createDirectories(
                node.network(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        write("10.1.0.2", "old");
        write("10.1.0.3", "new\r\neth1");
        write("10.1.0.4", "");
        write("10.1.0.5", "\0\0\0\0\0\0");
        write("10.1.0.6", "k8s_POD:strange id/with everything!".replace(' ', '_'));
        write("10.9.0.1", "elsewhere\r\neth0");
        write("010.1.0.7", "no address");
        write("last_reserved_ip.0", "");
        Files.createDirectory(node.network().resolve("10.1.0.8"));
        try (Ipam ipam = node.open("10.1.0.0/24")) {
            assertThat(addresses(ipam.lease(new AttachmentId("old", "eth7")).orElseThrow()))
                    .containsExactly("10.1.0.2");
            assertThat(addresses(ipam.reserve(new AttachmentId("old", "eth7"), List.of())))
                    .containsExactly("10.1.0.2");
            assertThat(ipam.list())
                    .extracting(lease -> lease.owner().toString())
                    .containsExactlyInAnyOrder("old/eth0", "new/eth1", "elsewhere/eth0");
            assertThat(ipam.lease(new AttachmentId("elsewhere", "eth0"))
                            .orElseThrow()
                            .assignments())
                    .hasToString("[Assignment[address=10.9.0.1/32, gateway=Optional.empty]]");
            assertThat(ipam.status().allocated()).isEqualTo(4);
            assertThat(reserve(ipam, 1)).containsExactly("10.1.0.4");
            assertThat(reserve(ipam, 2)).containsExactly("10.1.0.5");
            assertThat(reserve(ipam, 3)).containsExactly("10.1.0.7");
            assertThat(reserve(ipam, 4)).containsExactly("10.1.0.9");
            assertThatThrownBy(() -> reserve(ipam, 5, "10.1.0.6")).hasMessageContaining("k8s_POD:strange");
            assertThatThrownBy(() -> reserve(ipam, 5, "10.1.0.8")).isInstanceOf(PodnetException.Conflict.class);
            assertThat(ipam.gc(Set.of(new AttachmentId("old", "eth7")))).contains(new AttachmentId("new", "eth1"));
            assertThat(ipam.list()).hasSize(1);
            assertThat(ipam.release(new AttachmentId("old", "eth9"))).hasToString("[10.1.0.2]");
        }
    }

    @Test
    void recoversAnAddressThatIsGarbledWhileRunning() throws IOException {
        try (Ipam ipam = node.open("10.1.0.0/24")) {
            reserve(ipam, 1);
            write("10.1.0.3", "");
            assertThat(reserve(ipam, 2)).containsExactly("10.1.0.3");
            Files.delete(node.network().resolve("10.1.0.3"));
            assertThat(ipam.lease(owner(2))).isEmpty();
        }
    }

    @Test
    void survivesTheRemovalOfEverything() throws IOException {
        try (Ipam ipam = node.open("10.1.0.0/24")) {
            reserve(ipam, 1);
            for (Path top : List.of(node.network(), directory.resolve(".podnet"))) {
                try (var files = Files.walk(top)) {
                    for (Path file :
                            files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
                // What host-local knows is the truth; without the rest, the lease counts as committed.
                assertThat(ipam.lease(owner(1)).isPresent()).isEqualTo(!top.equals(node.network()));
                reserve(ipam, 1);
            }
        }
    }

    @Test
    void refusesWhatOthersCouldWriteTo() throws IOException {
        Files.createDirectories(node.network());
        Files.setPosixFilePermissions(node.network(), PosixFilePermissions.fromString("rwxrwxr-x"));
        assertThatThrownBy(() -> node.open("10.1.0.0/24"))
                .isInstanceOf(PodnetException.Invalid.class)
                .hasMessageContaining("chmod");
        Files.delete(node.network());
        Files.createSymbolicLink(node.network(), Files.createDirectory(directory.resolve("elsewhere")));
        assertThatThrownBy(() -> node.open("10.1.0.0/24")).isInstanceOf(PodnetException.class);
    }

    @Test
    void theStateDirectoryItselfMayBeALink() throws IOException {
        Path link =
                Files.createSymbolicLink(directory.resolve("link"), Files.createDirectory(directory.resolve("real")));
        try (Ipam ipam = new Node(link).open("10.1.0.0/24")) {
            reserve(ipam, 1);
            assertThat(directory.resolve("real/net/10.1.0.2")).exists();
        }
    }

    @Test
    void refusesOptionsItDoesNotKnow() {
        for (Map<String, String> options : List.of(
                Map.of("colour", "red"),
                Map.of("coolDown", "30"),
                Map.of("coolDown", "PT-1S"),
                Map.of("coolDown", "P2D"))) {
            assertThatThrownBy(() -> node.open(new PosixFileOps(), options, Node.sets("10.1.0.0/24")))
                    .isInstanceOf(PodnetException.Invalid.class);
        }
        try (Ipam ipam = node.open(new PosixFileOps(), Map.of("coolDown", "PT0S"), Node.sets("10.1.0.0/30"))) {
            reserve(ipam, 1);
            ipam.release(owner(1));
            assertThat(reserve(ipam, 2)).containsExactly("10.1.0.2");
        }
    }

    @Test
    void worksInAnInterruptedThread() {
        try (Ipam ipam = node.open("10.1.0.0/24")) {
            Thread.currentThread().interrupt();
            reserve(ipam, 1);
            assertThat(ipam.release(owner(1))).hasSize(1);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void isOfNoUseAfterItsClose() {
        Ipam ipam = node.open("10.1.0.0/24");
        ipam.close();
        ipam.close();
        assertThatThrownBy(() -> reserve(ipam, 1)).isInstanceOf(PodnetException.StateFailure.class);
        assertThat(node.side().resolve("staging")).isEmptyDirectory();
        assertThat(node.side().resolve("instances")).isEmptyDirectory();
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(node.network().resolve(name), content);
    }
}
