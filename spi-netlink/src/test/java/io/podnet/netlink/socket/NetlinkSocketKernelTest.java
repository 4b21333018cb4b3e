package io.podnet.netlink.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.PodnetException;
import io.podnet.netlink.FreshNamespace;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.codec.MessageReader;
import io.podnet.netlink.codec.MessageWriter;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.libc.Libc;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The conversation with this machine's kernel, in a namespace that the test made. */
class NetlinkSocketKernelTest {
    private static final int RTM_NEWLINK = 16;
    private static final int RTM_DELLINK = 17;
    private static final int RTM_GETLINK = 18;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_LINKINFO = 18;

    private final FreshNamespace namespace = new FreshNamespace();
    private NetlinkConversation route;

    @BeforeEach
    void open() {
        route = namespace.call(() -> NetlinkConversation.open(LinuxNetlink.NETLINK_ROUTE));
    }

    @AfterEach
    void close() {
        route.close();
        namespace.close();
    }

    private static MessageWriter ifinfo(MessageWriter out, int type, int flags) {
        return out.begin(type, flags).putByte(0).putZeros(15);
    }

    private static NetlinkRequest createBridge(String name) {
        return create(name, "bridge");
    }

    private static NetlinkRequest create(String name, String kind) {
        return NetlinkRequest.of("RTM_NEWLINK", () -> "link " + name, out -> {
            ifinfo(out, RTM_NEWLINK, LinuxNetlink.NLM_F_CREATE | LinuxNetlink.NLM_F_EXCL)
                    .attrString(IFLA_IFNAME, name);
            int nest = out.beginNested(IFLA_LINKINFO);
            out.attrString(1, kind);
            out.endNested(nest);
        });
    }

    private static NetlinkRequest byName(String operation, int type, String name) {
        return NetlinkRequest.of(
                operation, () -> "link " + name, out -> ifinfo(out, type, 0).attrString(IFLA_IFNAME, name));
    }

    private static final NetlinkRequest ALL_LINKS =
            NetlinkRequest.of("RTM_GETLINK", () -> "links", out -> ifinfo(out, RTM_GETLINK, 0));

    private static Optional<String> name(MessageReader message) {
        var attributes = message.attributes(16);
        while (attributes.next()) {
            if (attributes.type() == IFLA_IFNAME) {
                return Optional.of(attributes.string());
            }
        }
        return Optional.empty();
    }

    @Test
    void createsFindsListsAndDeletes() {
        route.execute(createBridge("br0"));
        assertThat(route.query(byName("RTM_GETLINK", RTM_GETLINK, "br0"), NetlinkSocketKernelTest::name))
                .contains("br0");
        assertThat(route.list(ALL_LINKS, NetlinkSocketKernelTest::name)).containsExactly("lo", "br0");
        assertThat(route.executeUnless(byName("RTM_DELLINK", RTM_DELLINK, "br0"), Errno.ENODEV))
                .isTrue();
        assertThat(route.executeUnless(byName("RTM_DELLINK", RTM_DELLINK, "br0"), Errno.ENODEV))
                .isFalse();
        assertThat(route.find(byName("RTM_GETLINK", RTM_GETLINK, "br0"), MessageReader::type, Errno.ENODEV))
                .isEmpty();
    }

    @Test
    void refusalsNameOperationObjectAndErrno() {
        route.execute(createBridge("br0"));
        assertThatThrownBy(() -> route.execute(createBridge("br0")))
                .isInstanceOfSatisfying(PodnetException.KernelRejected.class, rejected -> {
                    assertThat(rejected.errno()).isEqualTo(Errno.EEXIST.number());
                    assertThat(rejected.operation()).isEqualTo("RTM_NEWLINK");
                    assertThat(rejected.object()).isEqualTo("link br0");
                })
                .hasMessageContaining("EEXIST");
    }

    @Test
    void aMissingKindIsUnsupportedWithTheKernelsText() {
        assertThatThrownBy(() -> route.execute(create("x0", "nosuchkind")))
                .isInstanceOf(PodnetException.Unsupported.class)
                .hasMessageContaining("Unknown device type")
                .hasMessageContaining("link x0");
    }

    @Test
    void aFailedDumpSaysWhyInDone() {
        NetlinkRequest filtered = NetlinkRequest.of(
                "RTM_GETLINK",
                () -> "links",
                out -> out.begin(RTM_GETLINK, 0).putInt(0).putInt(1).putInt(0).putInt(0));
        assertThatThrownBy(() -> route.dump(filtered, message -> {}))
                .isInstanceOf(PodnetException.KernelRejected.class)
                .hasMessageContaining("RTM_GETLINK dump on links")
                .hasMessageContaining("Filter by device index not supported");
        // The conversation is still in step.
        assertThat(route.list(ALL_LINKS, NetlinkSocketKernelTest::name)).containsExactly("lo");
    }

    @Test
    void aThrowingVisitorLeavesTheConversationInStep() {
        for (int i = 0; i < 60; i++) {
            route.execute(createBridge("br" + i));
        }
        assertThatThrownBy(() -> route.dump(ALL_LINKS, message -> {
                    throw new IllegalArgumentException("enough");
                }))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(route.list(ALL_LINKS, NetlinkSocketKernelTest::name)).hasSize(61);
    }

    @Test
    void aVisitorMustNotCallBack() {
        assertThatThrownBy(() -> route.dump(ALL_LINKS, message -> route.execute(createBridge("br0"))))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aBatchGoesOnAfterRefusalsAndReportsThemByIndex() {
        List<NetlinkRequest> requests = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            requests.add(createBridge("br" + (i % 100)));
        }
        List<RequestFailure> failures = route.tryBatch(requests);
        assertThat(failures).hasSize(200);
        assertThat(failures.get(0).index()).isEqualTo(100);
        assertThat(failures.get(199).index()).isEqualTo(299);
        assertThat(failures).allMatch(failure -> failure.errno() == Errno.EEXIST.number());
        assertThat(route.list(ALL_LINKS, NetlinkSocketKernelTest::name)).hasSize(101);
        assertThatThrownBy(() -> route.batch(requests.subList(0, 2)))
                .isInstanceOf(PodnetException.KernelRejected.class)
                .satisfies(thrown -> assertThat(thrown.getSuppressed()).hasSize(1));
    }

    @Test
    void aNetfilterTransactionIsAllOrNothing() {
        try (NetlinkConversation netfilter =
                namespace.call(() -> NetlinkConversation.open(LinuxNetlink.NETLINK_NETFILTER))) {
            netfilter.commit(NetfilterTransaction.ofTables(List.of(newTable("a", 0), newTable("b", 0))));
            assertThat(tables(netfilter)).containsExactly("a", "b");

            List<RequestFailure> failures = netfilter.tryCommit(
                    NetfilterTransaction.ofTables(List.of(
                            newTable("c", 0),
                            newTable("a", LinuxNetlink.NLM_F_EXCL),
                            newTable("d", 0),
                            newTable("b", LinuxNetlink.NLM_F_EXCL))),
                    echo -> {});
            assertThat(failures).extracting(RequestFailure::index).containsExactly(1, 3);
            assertThat(tables(netfilter)).containsExactly("a", "b");

            List<Integer> echoed = new ArrayList<>();
            assertThat(netfilter.tryCommit(
                            NetfilterTransaction.ofTables(List.of(newTable("e", LinuxNetlink.NLM_F_ECHO))),
                            echo -> echoed.add(echo.type() & 0xff)))
                    .isEmpty();
            assertThat(echoed).contains(0);

            List<RequestFailure> stale = netfilter.tryCommit(
                    new NetfilterTransaction(
                            LinuxNfnetlink.NFNL_SUBSYS_NFTABLES, OptionalInt.of(12345), List.of(newTable("f", 0))),
                    echo -> {});
            assertThat(stale).hasSize(1);
            assertThat(stale.get(0).index()).isEqualTo(-1);
            assertThat(stale.get(0).errno()).isEqualTo(Errno.ERESTART.number());
        }
    }

    @Test
    void aNetfilterTransactionMayBeLargerThanTheBuffer() {
        try (NetlinkConversation netfilter =
                namespace.call(() -> NetlinkConversation.open(LinuxNetlink.NETLINK_NETFILTER))) {
            List<NetlinkRequest> many = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                many.add(newTable("t" + (i % 50), 0));
            }
            netfilter.commit(NetfilterTransaction.ofTables(many));
            assertThat(tables(netfilter)).hasSize(50);

            many.replaceAll(ignored -> newTable("t1", LinuxNetlink.NLM_F_EXCL));
            assertThat(netfilter.tryCommit(NetfilterTransaction.ofTables(many.subList(0, 2000)), echo -> {}))
                    .hasSize(2000);
        }
    }

    private static NetlinkRequest newTable(String name, int flags) {
        return NetlinkRequest.of(
                "NFT_MSG_NEWTABLE",
                () -> "table " + name,
                out -> out.begin(10 << 8, LinuxNetlink.NLM_F_CREATE | flags)
                        .putByte(1)
                        .putByte(0)
                        .putShortBe(0)
                        .attrString(1, name));
    }

    private static List<String> tables(NetlinkConversation netfilter) {
        NetlinkRequest request = NetlinkRequest.of(
                "NFT_MSG_GETTABLE",
                () -> "tables",
                out -> out.begin(10 << 8 | 1, 0).putInt(0));
        return netfilter.list(request, message -> {
            var attributes = message.attributes(LinuxNfnetlink.NFGENMSG_LENGTH);
            while (attributes.next()) {
                if (attributes.type() == 1) {
                    return Optional.of(attributes.string());
                }
            }
            return Optional.empty();
        });
    }

    @Test
    void aRoundTripMakesNoGarbageToSpeakOf() {
        NetlinkRequest request = NetlinkRequest.of(
                "RTM_GETLINK", () -> "lo", out -> ifinfo(out, RTM_GETLINK, 0).attrString(IFLA_IFNAME, "lo"));
        Integer[] types = {16};
        ReplyDecoder<Integer> decoder = message -> types[0];
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < 20_000; i++) {
            route.query(request, decoder);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        int rounds = 2_000;
        for (int i = 0; i < rounds; i++) {
            route.query(request, decoder);
        }
        // One Optional each; nothing of the exchange itself.
        assertThat((threads.getCurrentThreadAllocatedBytes() - before) / rounds).isLessThan(128);
    }

    @Test
    void manyThreadsShareOneConversation() throws Exception {
        for (int i = 0; i < 8; i++) {
            route.execute(createBridge("br" + i));
        }
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> results = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String name = "br" + i;
                results.add(threads.submit(() -> {
                    for (int round = 0; round < 300; round++) {
                        assertThat(route.query(byName("RTM_GETLINK", RTM_GETLINK, name), NetlinkSocketKernelTest::name))
                                .contains(name);
                    }
                }));
            }
            for (Future<?> result : results) {
                result.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void buffersServeOneSocketAfterTheOther() {
        NetlinkBuffers buffers = NetlinkBuffers.allocate();
        for (int i = 0; i < 3; i++) {
            NetlinkSocket socket = namespace.call(() -> NetlinkSocket.open(LinuxNetlink.NETLINK_ROUTE, buffers));
            try (NetlinkConversation conversation = new NetlinkConversation(socket)) {
                assertThat(conversation.list(ALL_LINKS, NetlinkSocketKernelTest::name))
                        .containsExactly("lo");
                assertThatThrownBy(() -> NetlinkSocket.open(LinuxNetlink.NETLINK_ROUTE, buffers))
                        .isInstanceOf(IllegalStateException.class);
            }
            assertThat(socket.send(16)).isEqualTo(-Errno.EBADF.number());
        }
    }

    @Test
    void aProtocolThatTheKernelLacksIsUnsupported() {
        assertThatThrownBy(() -> NetlinkSocket.open(31)).isInstanceOf(PodnetException.Unsupported.class);
    }

    @Test
    void whatOtherProcessesSendIsNotTheKernelsWord() {
        NetlinkBuffers buffers = NetlinkBuffers.allocate();
        NetlinkSocket socket = namespace.call(() -> NetlinkSocket.open(LinuxNetlink.NETLINK_ROUTE, buffers));
        try (NetlinkConversation conversation = new NetlinkConversation(socket)) {
            forgeAcknowledgement(socket.portId(), 1);
            // The kernel refuses; the forged success lies in the queue before that.
            assertThatThrownBy(() -> conversation.execute(create("x0", "nosuchkind")))
                    .isInstanceOf(PodnetException.Unsupported.class);
        }
    }

    /** Sends, from a socket that is not the kernel, what the kernel would say to accept a request. */
    private void forgeAcknowledgement(int port, int sequence) {
        Libc libc = Libc.instance();
        int sender = namespace.call(() -> libc.socket(16, 3, LinuxNetlink.NETLINK_ROUTE));
        ByteBuffer memory = Libc.allocate(256);
        long address = libc.addressOf(memory);
        memory.putShort(0, (short) 16).putInt(4, port);
        memory.putLong(16, address + 160).putLong(24, 36);
        memory.putLong(32, address).putInt(40, 12).putLong(48, address + 16).putLong(56, 1);
        memory.putInt(160, 36).putShort(164, (short) LinuxNetlink.NLMSG_ERROR);
        memory.putInt(168, sequence).putInt(172, port);
        assertThat(libc.sendmsg(sender, address + 32, 0)).isEqualTo(36);
        libc.close(sender);
        Reference.reachabilityFence(memory);
    }
}
