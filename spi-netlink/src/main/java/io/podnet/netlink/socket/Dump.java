package io.podnet.netlink.socket;

import io.podnet.api.PodnetException;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.codec.MalformedMessageException;
import io.podnet.netlink.codec.MessageReader;
import org.jspecify.annotations.Nullable;

/** A dump, repeated while the kernel says that it was interrupted by a change. */
final class Dump {
    private static final int TRIES = 10;

    private Dump() {}

    static void run(Exchange exchange, NetlinkRequest request, DumpVisitor visitor) {
        for (int tries = 1; tries <= TRIES; tries++) {
            if (once(exchange, request, visitor)) {
                return;
            }
            visitor.restart();
        }
        throw new PodnetException.TimedOut(request.operation() + " dump of " + request.object() + ": the table changed"
                + " during each of " + TRIES + " tries (NLM_F_DUMP_INTR); try again when fewer changes are made");
    }

    /** Reads to the end in any case: the rest of a dump would otherwise stand in the way of the next. */
    private static boolean once(Exchange exchange, NetlinkRequest request, DumpVisitor visitor) {
        exchange.prepare();
        exchange.append(request, LinuxNetlink.NLM_F_DUMP);
        exchange.send(request);
        boolean consistent = true;
        RuntimeException failure = null;
        while (true) {
            MessageReader answer;
            try {
                answer = exchange.await(request);
            } catch (MalformedMessageException malformed) {
                failure = firstOf(failure, malformed);
                continue;
            }
            consistent &= (answer.flags() & LinuxNetlink.NLM_F_DUMP_INTR) == 0;
            int type = answer.type();
            if (type == LinuxNetlink.NLMSG_DONE || type == LinuxNetlink.NLMSG_ERROR) {
                exchange.finished();
                finish(request, answer, failure);
                return consistent;
            }
            if (failure == null && consistent) {
                try {
                    visitor.visit(answer);
                } catch (RuntimeException thrown) {
                    failure = thrown;
                }
            }
        }
    }

    private static void finish(NetlinkRequest request, MessageReader answer, @Nullable RuntimeException failure) {
        int errno = Refusal.errnoOf(answer);
        if (errno != 0) {
            throw Refusal.of(request.operation() + " dump", request.object(), errno, Refusal.textOf(answer));
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static RuntimeException firstOf(@Nullable RuntimeException first, RuntimeException later) {
        return first == null ? later : first;
    }
}
