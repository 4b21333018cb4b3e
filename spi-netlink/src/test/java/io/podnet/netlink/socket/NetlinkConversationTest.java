package io.podnet.netlink.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.PodnetException;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.codec.MessageReader;
import io.podnet.netlink.codec.MessageWriter;
import io.podnet.netlink.fake.FakeKernel;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.libc.Libc;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a real kernel seldom does: interrupted dumps, strange answers, refusals at every place. */
class NetlinkConversationTest {
    private static final int ASK = 18;
    private static final int ANSWER = 16;

    private static NetlinkRequest request(int value) {
        return NetlinkRequest.of(
                "ASK", () -> "thing " + value, out -> out.begin(ASK, 0).putInt(value));
    }

    private static Optional<Integer> value(MessageReader message) {
        return Optional.of(message.s32(0));
    }

    /** Answers a dump with 0, 1, 2 and has the first ones interrupted. */
    private static FakeKernel dumping(int interrupted) {
        int[] dumps = {0};
        return new FakeKernel((request, reply) -> {
            boolean broken = dumps[0]++ < interrupted;
            for (int i = 0; i < 3; i++) {
                int flags = LinuxNetlink.NLM_F_MULTI | (broken && i == 1 ? LinuxNetlink.NLM_F_DUMP_INTR : 0);
                FakeKernel.begin(reply, request, ANSWER, flags).putInt(i);
            }
            return 0;
        });
    }

    @Test
    void anInterruptedDumpIsRepeatedAndItsPartsForgotten() {
        FakeKernel kernel = dumping(2);
        try (NetlinkConversation conversation = new NetlinkConversation(kernel)) {
            assertThat(conversation.list(request(1), NetlinkConversationTest::value))
                    .containsExactly(0, 1, 2);
        }
        assertThat(kernel.sent()).hasSize(3);
        assertThat(kernel.closed()).isTrue();
    }

    @Test
    void aDumpThatIsAlwaysInterruptedEnds() {
        FakeKernel kernel = dumping(Integer.MAX_VALUE);
        try (NetlinkConversation conversation = new NetlinkConversation(kernel)) {
            assertThatThrownBy(() -> conversation.list(request(1), NetlinkConversationTest::value))
                    .isInstanceOf(PodnetException.TimedOut.class)
                    .hasMessageContaining("ASK dump of thing 1")
                    .hasMessageContaining("10 tries");
        }
        assertThat(kernel.sent()).hasSize(10);
    }

    @Test
    void interruptionMayBeToldByDoneAlone() {
        int[] dumps = {0};
        FakeKernel kernel = new FakeKernel((request, reply) -> {
            int flags = LinuxNetlink.NLM_F_MULTI | (dumps[0]++ == 0 ? LinuxNetlink.NLM_F_DUMP_INTR : 0);
            FakeKernel.begin(reply, request, ANSWER, LinuxNetlink.NLM_F_MULTI).putInt(5);
            FakeKernel.begin(reply, request, LinuxNetlink.NLMSG_DONE, flags);
            return 0;
        });
        try (NetlinkConversation conversation = new NetlinkConversation(kernel)) {
            assertThat(conversation.list(request(1), NetlinkConversationTest::value))
                    .containsExactly(5);
        }
        assertThat(kernel.sent()).hasSize(2);
    }

    @Test
    void answersToOthersAreNotOurs() {
        FakeKernel kernel = new FakeKernel((request, reply) -> {
            reply.begin(ANSWER, 0, request.sequence() + 1000, FakeKernel.PORT_ID)
                    .putInt(1);
            reply.begin(ANSWER, 0, request.sequence(), FakeKernel.PORT_ID + 1).putInt(2);
            reply.begin(LinuxNetlink.NLMSG_NOOP, 0, request.sequence(), FakeKernel.PORT_ID);
            FakeKernel.begin(reply, request, ANSWER, 0).putInt(3);
            return 0;
        });
        try (NetlinkConversation conversation = new NetlinkConversation(kernel)) {
            assertThat(conversation.query(request(1), NetlinkConversationTest::value))
                    .contains(3);
        }
    }

    @Test
    void anAnswerThatCameTooLateIsPassedOver() {
        boolean[] silent = {true};
        FakeKernel kernel = new FakeKernel((request, reply) -> {
            if (!silent[0]) {
                FakeKernel.begin(reply, request, ANSWER, 0).putInt(request.s32(0));
            }
            return 0;
        });
        try (NetlinkConversation conversation = new NetlinkConversation(kernel)) {
            assertThatThrownBy(() -> conversation.query(request(1), NetlinkConversationTest::value))
                    .isInstanceOf(PodnetException.TimedOut.class)
                    .hasMessageContaining("ASK on thing 1");
            MessageWriter late = new MessageWriter(Libc.allocate(64)).clear(0);
            late.begin(ANSWER, 0, 1, FakeKernel.PORT_ID).putInt(1).end();
            byte[] datagram = new byte[late.length()];
            late.buffer().get(0, datagram);
            kernel.deliver(datagram);
            silent[0] = false;
            assertThat(conversation.query(request(2), NetlinkConversationTest::value))
                    .contains(2);
        }
    }

    @Test
    void anUnreadableAnswerIsABadMessage() {
        FakeKernel[] kernel = new FakeKernel[1];
        kernel[0] = new FakeKernel((request, reply) -> {
            kernel[0].deliver(new byte[] {1, 2, 3, 4, 5});
            return 0;
        });
        try (NetlinkConversation conversation = new NetlinkConversation(kernel[0])) {
            assertThatThrownBy(() -> conversation.execute(request(1)))
                    .isInstanceOfSatisfying(
                            PodnetException.KernelRejected.class,
                            rejected -> assertThat(rejected.errno()).isEqualTo(Errno.EBADMSG.number()))
                    .hasMessageContaining("ASK on thing 1");
            assertThatThrownBy(() -> conversation.dump(request(1), message -> {}))
                    .hasMessageContaining("EBADMSG");
        }
    }

    @Test
    void eachRefusalIsReportedAtItsIndex() {
        List<NetlinkRequest> requests = IntStream.range(0, 600)
                .mapToObj(NetlinkConversationTest::request)
                .toList();
        FakeKernel kernel = new FakeKernel()
                .refuse(0, Errno.EEXIST)
                .refuse(255, Errno.ENOENT)
                .refuse(599, Errno.EBUSY);
        try (NetlinkConversation conversation = new NetlinkConversation(kernel)) {
            List<RequestFailure> failures = conversation.tryBatch(requests);
            assertThat(failures).extracting(RequestFailure::index).containsExactly(0, 255, 599);
            assertThat(failures)
                    .extracting(RequestFailure::errno)
                    .containsExactly(Errno.EEXIST.number(), Errno.ENOENT.number(), Errno.EBUSY.number());
            assertThat(failures.get(1).error()).hasMessageContaining("thing 255");
            assertThat(kernel.sent()).hasSize(600);
            assertThat(conversation.tryBatch(List.of())).isEmpty();
        }
    }

    @Test
    void aTransactionIsFramedAndItsRefusalsFound() {
        FakeKernel kernel = new FakeKernel().refuse(2, Errno.ENOENT);
        try (NetlinkConversation conversation = new NetlinkConversation(kernel)) {
            List<RequestFailure> failures = conversation.tryCommit(
                    NetfilterTransaction.ofTables(List.of(request(0), request(1), request(2))), echo -> {});
            assertThat(failures).extracting(RequestFailure::index).containsExactly(1);
            assertThat(kernel.sentOfType(LinuxNfnetlink.NFNL_MSG_BATCH_BEGIN)).isEqualTo(1);
            assertThat(kernel.sentOfType(LinuxNfnetlink.NFNL_MSG_BATCH_END)).isEqualTo(1);
            // BATCH_BEGIN: AF_UNSPEC, version 0, resource id 10 in network byte order.
            assertThat(kernel.sent().get(0)).endsWith(0, 0, 0, 10);
            conversation.commit(NetfilterTransaction.ofTables(List.of(request(3))));
            // Nothing to do is nothing to send.
            int sent = kernel.sent().size();
            conversation.commit(NetfilterTransaction.ofTables(List.of()));
            assertThat(kernel.sent()).hasSize(sent);
        }
    }

    @Test
    void aRequestMustWriteOneMessage() {
        try (NetlinkConversation conversation = new NetlinkConversation(new FakeKernel())) {
            assertThatThrownBy(() -> conversation.execute(NetlinkRequest.of("NONE", () -> "x", out -> {})))
                    .isInstanceOf(IllegalStateException.class);
            NetlinkRequest two =
                    NetlinkRequest.of("TWO", () -> "x", out -> out.begin(1, 0).begin(1, 0));
            assertThatThrownBy(() -> conversation.execute(two)).isInstanceOf(IllegalStateException.class);
            conversation.execute(request(1));
        }
    }

    @Test
    void descriptionsAreNotMadeOnSuccess() {
        try (NetlinkConversation conversation = new NetlinkConversation(new FakeKernel())) {
            List<NetlinkRequest> requests = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                requests.add(NetlinkRequest.of(
                        "ASK",
                        () -> {
                            throw new AssertionError("described");
                        },
                        out -> out.begin(ASK, 0)));
            }
            conversation.execute(requests.get(0));
            conversation.batch(requests);
            conversation.commit(NetfilterTransaction.ofTables(requests));
        }
    }

    @Test
    void sequenceNumbersAreConsecutive() {
        FakeKernel kernel = new FakeKernel();
        try (NetlinkConversation conversation = new NetlinkConversation(kernel)) {
            for (int i = 0; i < 5; i++) {
                conversation.execute(request(i));
            }
        }
        assertThat(kernel.sent().stream().map(message -> (int) message[8])).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void aClosedTransportSaysSo() {
        NetlinkConversation conversation = new NetlinkConversation(new FakeKernel());
        conversation.close();
        conversation.close();
        assertThatThrownBy(() -> conversation.execute(request(1))).hasMessageContaining("EBADF");
    }
}
