package io.podnet.netlink.socket;

import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.codec.MalformedMessageException;
import io.podnet.netlink.codec.MessageReader;
import io.podnet.netlink.codec.MessageWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * A netfilter transaction in one datagram. nfnetlink answers while it works on the datagram: refusals by the sequence
 * number of the request, or of BATCH_BEGIN where the whole failed, and the acknowledgement that the last request asks
 * for. All answers have arrived when the send returns, so the queue is read until it is empty.
 */
final class Commit {
    private static final int AF_UNSPEC = 0;

    private Commit() {}

    static List<RequestFailure> run(Exchange exchange, NetfilterTransaction transaction, DumpVisitor echoes) {
        List<? extends NetlinkRequest> requests = transaction.requests();
        if (requests.isEmpty()) {
            return List.of();
        }
        exchange.prepare();
        MessageWriter writer = exchange.writer;
        frame(writer, LinuxNfnetlink.NFNL_MSG_BATCH_BEGIN, transaction.subsystem());
        transaction.generation().ifPresent(id -> writer.attrBe32(LinuxNfnetlink.NFNL_BATCH_GENID, id));
        writer.end();
        int offset = 0;
        for (NetlinkRequest request : requests) {
            offset = exchange.append(request, 0);
        }
        writer.addFlags(offset, LinuxNetlink.NLM_F_ACK);
        frame(writer, LinuxNfnetlink.NFNL_MSG_BATCH_END, transaction.subsystem());
        NetlinkRequest whole = new WholeTransaction(requests.get(0), requests.size());
        exchange.send(whole);
        try {
            return readAnswers(exchange, requests, whole, echoes);
        } catch (MalformedMessageException malformed) {
            throw Exchange.malformed(whole, malformed);
        }
    }

    private static void frame(MessageWriter writer, int type, int subsystem) {
        writer.begin(type, LinuxNetlink.NLM_F_REQUEST)
                .putByte(AF_UNSPEC)
                .putByte(LinuxNfnetlink.NFNETLINK_V0)
                .putShortBe(subsystem);
    }

    private static List<RequestFailure> readAnswers(
            Exchange exchange, List<? extends NetlinkRequest> requests, NetlinkRequest whole, DumpVisitor echoes) {
        List<RequestFailure> failures = new ArrayList<>();
        boolean concluded = false;
        while (true) {
            MessageReader answer;
            if (!concluded) {
                answer = exchange.await(whole);
            } else if (exchange.poll(whole)) {
                answer = exchange.answer();
            } else {
                exchange.finished();
                return failures;
            }
            if (answer.type() != LinuxNetlink.NLMSG_ERROR) {
                echoes.visit(answer);
                continue;
            }
            int index = answer.sequence() - exchange.firstSequence() - 1;
            int errno = Refusal.errnoOf(answer);
            if (errno != 0) {
                boolean one = index >= 0 && index < requests.size();
                failures.add(RequestFailure.of(one ? index : -1, one ? requests.get(index) : whole, errno, answer));
            }
            concluded |= errno != 0 || index == requests.size() - 1;
        }
    }

    /**
     * Stands for the transaction in messages about all of it.
     *
     * @param first its first request
     * @param size number of requests
     */
    private record WholeTransaction(NetlinkRequest first, int size) implements NetlinkRequest {
        @Override
        public String operation() {
            return "netfilter transaction";
        }

        @Override
        public String object() {
            return size + " requests starting with " + first.operation() + " on " + first.object();
        }

        @Override
        public void write(MessageWriter out) {
            throw new UnsupportedOperationException("a name for messages, not a request");
        }
    }
}
