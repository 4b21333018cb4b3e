package io.podnet.netlink.socket;

import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.codec.MalformedMessageException;
import io.podnet.netlink.codec.MessageReader;
import java.util.ArrayList;
import java.util.List;

/**
 * Independent requests, many to a datagram. The kernel works through a datagram in order and answers each refusal, so
 * an acknowledgement of the last request alone tells that all were done.
 */
final class Batch {
    private static final int MOST_BYTES = 32 * 1024;
    private static final int MOST_REQUESTS = 256;

    private Batch() {}

    static List<RequestFailure> run(Exchange exchange, List<? extends NetlinkRequest> requests) {
        List<RequestFailure> failures = new ArrayList<>();
        int from = 0;
        while (from < requests.size()) {
            from = sendSome(exchange, requests, from, failures);
        }
        return failures;
    }

    private static int sendSome(
            Exchange exchange, List<? extends NetlinkRequest> requests, int from, List<RequestFailure> failures) {
        exchange.prepare();
        int to = from;
        int offset = 0;
        while (to < requests.size() && to - from < MOST_REQUESTS && exchange.writer.length() < MOST_BYTES) {
            offset = exchange.append(requests.get(to++), 0);
        }
        exchange.writer.addFlags(offset, LinuxNetlink.NLM_F_ACK);
        NetlinkRequest lastRequest = requests.get(to - 1);
        exchange.send(lastRequest);
        try {
            readAnswers(exchange, requests, from, lastRequest, failures);
        } catch (MalformedMessageException malformed) {
            throw Exchange.malformed(lastRequest, malformed);
        }
        return to;
    }

    private static void readAnswers(
            Exchange exchange,
            List<? extends NetlinkRequest> requests,
            int from,
            NetlinkRequest lastRequest,
            List<RequestFailure> failures) {
        while (true) {
            MessageReader answer = exchange.await(lastRequest);
            if (answer.type() != LinuxNetlink.NLMSG_ERROR) {
                continue;
            }
            int sequence = answer.sequence();
            int errno = Refusal.errnoOf(answer);
            if (errno != 0) {
                int index = from + (sequence - exchange.firstSequence());
                failures.add(RequestFailure.of(index, requests.get(index), errno, answer));
            }
            if (sequence == exchange.lastSequence()) {
                exchange.finished();
                return;
            }
        }
    }
}
