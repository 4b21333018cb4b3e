package io.podnet.bridge.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.HostPort;
import io.podnet.api.IpAddress;
import io.podnet.api.MacAddress;
import io.podnet.api.PodId;
import io.podnet.api.PodNetwork;
import io.podnet.api.PodNetworkStatus;
import io.podnet.api.PodSpec;
import io.podnet.api.Podnet;
import io.podnet.api.PodnetException;
import io.podnet.api.Protocol;
import io.podnet.bridge.Datagrams;
import io.podnet.bridge.TestNode;
import io.podnet.bridge.ipam.MemoryDirectory;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.namespace.NamespaceCommand;
import io.podnet.netlink.namespace.NamespaceKind;
import io.podnet.netlink.namespace.NetworkNamespace;
import io.podnet.netlink.nftables.Nftables;
import io.podnet.netlink.nftables.Table;
import io.podnet.netlink.route.Bridge;
import io.podnet.netlink.route.LinkAttributes;
import io.podnet.netlink.socket.NetlinkConversation;
import io.podnet.spi.AttachmentRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Teardown, restart and start where somebody else was at work: pins, records, rules, directories. */
class StrangeStateTest {
    private static final int MNT_DETACH = 2;
    private static final long MS_BIND = 0x1000;

    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    private TestNode test;
    private Inventory inventory;

    @BeforeEach
    void open() throws IOException {
        test = new TestNode(directory);
        inventory = new Inventory(test, directory);
    }

    @AfterEach
    void close() {
        Faults.disarm();
        inventory.close();
        test.close();
    }

    private Podnet start() {
        return Pods.node(test).start();
    }

    private static Path pinOf(TestNode node, PodId pod) {
        return Podnet.records(node.state()).stream()
                .filter(record -> record.spec().id().equals(pod))
                .map(AttachmentRecord::netns)
                .findFirst()
                .orElseThrow();
    }

    private static void unmount(Path pin) {
        assertThat(Libc.instance().umount2(pin.toString(), MNT_DETACH)).isZero();
    }

    @Test
    void tearsDownWithTheNamespaceFileGone() throws Exception {
        try (Podnet node = start()) {
            node.setUp(Pods.keeper());
            List<String> before = inventory.all();
            node.setUp(Pods.victim());
            Path pin = pinOf(test, Pods.VICTIM);
            unmount(pin);
            Files.delete(pin);
            assertThat(node.tearDown(Pods.VICTIM)).isTrue();
            assertThat(Inventory.changes(before, inventory.all())).isEmpty();
            assertThat(node.tearDown(Pods.VICTIM)).isFalse();
            node.removeAll();
        }
    }

    @Test
    void tearsDownWithTheNamespaceReplacedByAPlainFile() throws Exception {
        try (Podnet node = start()) {
            node.setUp(Pods.keeper());
            List<String> before = inventory.all();
            node.setUp(Pods.victim());
            unmount(pinOf(test, Pods.VICTIM));
            assertThat(node.tearDown(Pods.VICTIM)).isTrue();
            assertThat(Inventory.changes(before, inventory.all())).isEmpty();
            node.removeAll();
        }
    }

    @Test
    void leavesAloneWhatBelongsToAnotherNamespace() throws Exception {
        try (Podnet node = start();
                NetworkNamespace other = test.threads().makeUnpinned()) {
            node.setUp(Pods.keeper());
            List<String> before = inventory.all();
            node.setUp(Pods.victim());
            Path pin = pinOf(test, Pods.VICTIM);
            unmount(pin);
            assertThat(Libc.instance().mount("/proc/self/fd/" + other.fd(), pin.toString(), "none", MS_BIND))
                    .isZero();
            assertThat(node.tearDown(Pods.VICTIM)).isTrue();
            try (NetworkNamespace still = NetworkNamespace.open(pin)) {
                assertThat(still.id()).isEqualTo(other.id());
            }
            unmount(pin);
            Files.delete(pin);
            assertThat(Inventory.changes(before, inventory.all())).isEmpty();
            node.removeAll();
        }
    }

    @Test
    void doesNotAdoptAPodWhoseNamespaceIsAnother() throws Exception {
        try (NetworkNamespace other = test.threads().makeUnpinned()) {
            try (Podnet node = start()) {
                node.setUp(Pods.keeper());
                node.setUp(Pods.victim());
            }
            Path pin = pinOf(test, Pods.VICTIM);
            unmount(pin);
            assertThat(Libc.instance().mount("/proc/self/fd/" + other.fd(), pin.toString(), "none", MS_BIND))
                    .isZero();
            try (Podnet node = start()) {
                assertThat(node.pods()).extracting(PodNetwork::id).containsExactly(Pods.KEEPER);
                assertThat(node.check(Pods.KEEPER)).isEmpty();
                node.removeAll();
            }
            unmount(pin);
            Files.delete(pin);
        }
    }

    @Test
    void takesBackWhatAnEarlierBootLeft() throws Exception {
        List<String> before;
        try (Podnet node = start()) {
            node.setUp(Pods.keeper());
            before = inventory.lasting();
            node.setUp(Pods.victim());
        }
        AttachmentRecord victim = Podnet.records(test.state()).stream()
                .filter(record -> record.spec().id().equals(Pods.VICTIM))
                .findFirst()
                .orElseThrow();
        Path file = test.state().resolve("attachments/" + victim.id().sandboxId() + "@eth0");
        Files.writeString(file, Files.readString(file).replace(victim.bootId(), "of-an-earlier-boot"));
        try (Podnet node = start()) {
            assertThat(node.pods()).extracting(PodNetwork::id).containsExactly(Pods.KEEPER);
            assertThat(Inventory.changes(before, inventory.lasting())).isEmpty();
            node.removeAll();
        }
    }

    @Test
    void aRepeatedTeardownLeavesTheNextHolderAlone() throws Exception {
        try (Podnet node = start()) {
            IpAddress ip = IpAddress.parse("10.244.1.77");
            PodId first = new PodId("default", "first");
            PodId second = new PodId("default", "second");
            node.setUp(PodSpec.of("default", "first")
                    .requestedIp(ip)
                    .hostPort(7070, 80, Protocol.TCP)
                    .build());
            Faults.arm(Faults.Plan.failAll("umount2", Errno.EIO.number()));
            assertThatThrownBy(() -> node.tearDown(first)).isInstanceOf(PodnetException.Incomplete.class);
            Faults.disarm();
            assertThat(node.pod(first)).isEmpty();
            PodNetwork pod = node.setUp(PodSpec.of("default", "second")
                    .requestedIp(ip)
                    .hostPort(7070, 80, Protocol.TCP)
                    .build());
            List<String> before = test.kernel();
            assertThat(node.tearDown(first)).isTrue();
            assertThat(node.check(second)).isEmpty();
            assertThat(Inventory.changes(before, test.kernel())).noneMatch(line -> line.contains("neighbour"));
            assertThat(Datagrams.sourceSeen(test, pod.sandbox(), ip))
                    .isEqualTo(pod.status().gateways().get(0));
            node.removeAll();
        }
    }

    @Test
    void aPodThatWasRefusedCanBeTornDown() throws Exception {
        try (Podnet node = Pods.node(test).podCidr("10.244.1.0/24").start()) {
            node.setUp(PodSpec.of("default", "keeper").build());
            List<String> before = inventory.lasting();
            PodSpec spec = PodSpec.of("default", "victim")
                    .hostPort(new HostPort(Optional.of(IpAddress.parse("fd00::1")), 80, 80, Protocol.TCP))
                    .build();
            assertThatThrownBy(() -> node.setUp(spec))
                    .isInstanceOf(PodnetException.Invalid.class)
                    .hasMessageContaining("no address to lead to");
            assertThat(Podnet.records(test.state())).hasSize(1);
            assertThat(Inventory.changes(before, inventory.lasting())).isEmpty();
            node.removeAll();
        }
    }

    @Test
    void theLastPodTakesNothingOfTheBridgesAlong() throws Exception {
        try (Podnet node = start()) {
            List<String> before = test.kernel();
            node.setUp(Pods.victim());
            node.tearDown(Pods.VICTIM);
            node.quiesce();
            // The first port brings the kernel's own multicast route.
            assertThat(Inventory.changes(before, test.kernel())).noneMatch(line -> line.contains("link cbr0"));
            node.removeAll();
        }
    }

    @Test
    void podsGetTheirRulesBackAfterAFlush() throws Exception {
        List<String> before;
        try (Podnet node = start()) {
            node.setUp(Pods.keeper());
            before = inventory.lasting();
        }
        try (NetlinkConversation netfilter = test.threads()
                .callIn(test.namespace(), () -> NetlinkConversation.open(LinuxNetlink.NETLINK_NETFILTER))) {
            Nftables nftables = new Nftables(netfilter);
            for (Table table : nftables.tables()) {
                nftables.deleteTable(table);
            }
        }
        try (Podnet node = start()) {
            assertThat(node.check(Pods.KEEPER)).isEmpty();
            assertThat(Inventory.changes(before, inventory.lasting())).isEmpty();
            node.removeAll();
        }
    }

    /** One of the addresses that the pod may send from, as somebody removes it by hand. */
    private String element() {
        PodNetworkStatus status = Podnet.records(test.state()).get(0).status().orElseThrow();
        return "{ \"" + status.hostInterfaceName().orElseThrow() + "\" . " + status.mac() + " . "
                + status.addresses().get(0).address() + " }";
    }

    private void nft(String verb, String element) throws Exception {
        Process nft = NamespaceCommand.find()
                .entering(NamespaceKind.NET, test.namespace().path())
                .processBuilder(List.of("nft", verb, "element", "bridge", "podnet-cbr0", "pod-sources4", element))
                .inheritIO()
                .start();
        assertThat(nft.waitFor()).isZero();
    }

    @Test
    void anElementThatSomebodyGaveToAnotherOwnerHindersNoStart() throws Exception {
        try (Podnet node = start()) {
            node.setUp(Pods.keeper());
        }
        String element = element();
        nft("delete", element);
        nft("add", element.replace(" }", " comment \"other/eth0\" }"));
        try (Podnet node = start()) {
            assertThat(node.check(Pods.KEEPER)).singleElement().asString().contains("pod-sources4");
            node.removeAll();
        }
    }

    @Test
    void anElementThatSomebodyDeletedIsBackAfterARestart() throws Exception {
        List<String> before;
        try (Podnet node = start()) {
            node.setUp(Pods.keeper());
            before = inventory.lasting();
        }
        nft("delete", element());
        try (Podnet node = start()) {
            assertThat(node.check(Pods.KEEPER)).isEmpty();
            assertThat(Inventory.changes(before, inventory.lasting())).isEmpty();
            node.removeAll();
        }
    }

    @Test
    void anElementThatSomebodyDeletedComesBackByItself() throws Exception {
        try (Podnet node = start()) {
            node.setUp(Pods.keeper());
            nft("delete", element());
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (!node.check(Pods.KEEPER).isEmpty() && System.nanoTime() < deadline) {
                Thread.sleep(50);
            }
            assertThat(node.check(Pods.KEEPER)).isEmpty();
            node.removeAll();
        }
    }

    @Test
    void aBridgeThatWasMadeHalfIsRemovedInTheEnd() throws Exception {
        test.route()
                .links()
                .create(new Bridge(), LinkAttributes.named("cbr0").mac(MacAddress.parse("0a:58:0a:f4:01:01")));
        try (Podnet node = start()) {
            node.removeAll();
        }
        assertThat(test.route().links().find("cbr0")).isEmpty();
    }

    @Test
    void sweepsHalfWrittenRecords() throws Exception {
        try (Podnet node = start()) {
            node.setUp(Pods.keeper());
        }
        Path half = test.state().resolve("attachments/.tmp@0123456789ab@eth0");
        Files.writeString(half, "version=1");
        try (Podnet node = start()) {
            assertThat(half).doesNotExist();
            assertThat(node.pods()).hasSize(1);
            node.removeAll();
        }
    }

    @Test
    void aDirectoryThatCannotBeRemovedIsReportedAndRemovedLater() throws Exception {
        try (Podnet node = start()) {
            PodNetwork pod = node.setUp(Pods.victim());
            Path strange = pod.sandbox().directory().resolve("strange");
            Files.createDirectory(strange);
            Files.createFile(strange.resolve("file"));
            assertThatThrownBy(() -> node.tearDown(Pods.VICTIM))
                    .isInstanceOf(PodnetException.Incomplete.class)
                    .hasMessageContaining("strange");
            Files.delete(strange.resolve("file"));
            assertThat(node.tearDown(Pods.VICTIM)).isTrue();
            assertThat(Podnet.records(test.state())).isEmpty();
            node.removeAll();
        }
    }

    @Test
    void oneStateDirectoryIsForOnePodnet() throws Exception {
        try (Podnet node = start()) {
            node.setUp(Pods.keeper());
            assertThatThrownBy(this::start)
                    .isInstanceOf(PodnetException.Conflict.class)
                    .hasMessageContaining("in use by another Podnet");
            // Not for another process either, although this one has just opened the lock's file a second time.
            try (DoomedProcess child = new DoomedProcess(test.namespace().path(), directory)) {
                assertThat(child.refusal(DoomedProcess.Work.START)).contains("in use by another Podnet");
            }
            assertThat(node.check(Pods.KEEPER)).isEmpty();
            node.removeAll();
        }
    }

    @Test
    void aStateDirectoryThatOthersMayWriteToIsRefused() throws Exception {
        Files.createDirectories(test.state());
        for (String mode : List.of("rwxrwx---", "rwx----w-")) {
            Files.setPosixFilePermissions(test.state(), PosixFilePermissions.fromString(mode));
            assertThatThrownBy(this::start)
                    .isInstanceOf(PodnetException.Invalid.class)
                    .hasMessageContaining("chmod 0700");
        }
    }
}
