package io.podnet.netlink.socket;

import io.podnet.api.PodnetException;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.codec.MalformedMessageException;
import io.podnet.netlink.codec.MessageReader;
import io.podnet.netlink.libc.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Requests and their answers over one transport. Each method sends, waits for everything that the kernel has to say to
 * it (bounded by the transport's time) and throws a {@link PodnetException} that names the operation, the object and
 * the kernel's own words.
 *
 * <p>Safe for any thread by a lock of its own: one exchange at a time. Decoders and visitors run under that lock and
 * must not call back.
 */
public final class NetlinkConversation implements AutoCloseable {
    private final ReentrantLock lock = new ReentrantLock();
    private final NetlinkTransport transport;
    private final Exchange exchange;

    /**
     * Starts a conversation.
     *
     * @param transport used by nobody else from now on; closed with the conversation
     */
    public NetlinkConversation(NetlinkTransport transport) {
        this.transport = transport;
        this.exchange = new Exchange(transport);
    }

    /**
     * Opens a socket in the calling thread's network namespace and starts a conversation over it.
     *
     * @param protocol NETLINK_*
     * @return an open conversation
     */
    public static NetlinkConversation open(int protocol) {
        return new NetlinkConversation(NetlinkSocket.open(protocol));
    }

    private void enter() {
        if (lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("a decoder or visitor must not use the conversation that calls it");
        }
        lock.lock();
    }

    /**
     * Has a request carried out.
     *
     * @param request what to do
     * @throws PodnetException where the kernel refuses
     */
    public void execute(NetlinkRequest request) {
        executeUnless(request);
    }

    /**
     * Has a request carried out, where some refusals are an answer rather than an error: deleting what is absent.
     *
     * @param request what to do
     * @param expected error numbers that are no failure
     * @return false where the kernel refused with one of them
     * @throws PodnetException where the kernel refuses with another
     */
    public boolean executeUnless(NetlinkRequest request, Errno... expected) {
        enter();
        try {
            exchange.prepare();
            exchange.append(request, LinuxNetlink.NLM_F_ACK);
            exchange.send(request);
            while (true) {
                MessageReader answer = exchange.await(request);
                if (answer.type() == LinuxNetlink.NLMSG_ERROR) {
                    exchange.finished();
                    return accepted(request, answer, expected);
                }
            }
        } catch (MalformedMessageException malformed) {
            throw Exchange.malformed(request, malformed);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Asks for one object.
     *
     * @param request what to ask
     * @param decoder reads the answer
     * @param <T> the value's type
     * @return the value
     * @throws PodnetException where the kernel refuses
     */
    public <T> T query(NetlinkRequest request, ReplyDecoder<T> decoder) {
        return find(request, decoder)
                .orElseThrow(() -> new PodnetException.NotFound(
                        request.operation() + " on " + request.object() + ": the kernel answered without an object"));
    }

    /**
     * Asks for one object that may be absent.
     *
     * @param request what to ask; where its flags have NLM_F_ACK, as with NLM_F_ECHO, the acknowledgement is awaited too
     * @param decoder reads the answer
     * @param absent error numbers that mean that there is none
     * @param <T> the value's type
     * @return the value, or empty where the kernel answered with one of the error numbers
     * @throws PodnetException where the kernel refuses with another
     */
    public <T> Optional<T> find(NetlinkRequest request, ReplyDecoder<T> decoder, Errno... absent) {
        enter();
        try {
            exchange.prepare();
            int offset = exchange.append(request, 0);
            boolean acknowledged = (exchange.writer.buffer().getShort(offset + 6) & LinuxNetlink.NLM_F_ACK) != 0;
            exchange.send(request);
            Optional<T> found = Optional.empty();
            while (true) {
                MessageReader answer = exchange.await(request);
                if (answer.type() == LinuxNetlink.NLMSG_ERROR) {
                    exchange.finished();
                    return accepted(request, answer, absent) ? found : Optional.empty();
                }
                if (found.isEmpty()) {
                    found = Optional.of(decoder.decode(answer));
                }
                if (!acknowledged) {
                    exchange.finished();
                    return found;
                }
            }
        } catch (MalformedMessageException malformed) {
            throw Exchange.malformed(request, malformed);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Asks for all objects of a kind.
     *
     * @param request what to ask; NLM_F_DUMP is added
     * @param visitor is shown each answer
     * @throws PodnetException where the kernel refuses
     * @throws PodnetException.TimedOut where the table changes so fast that no try gave a consistent picture
     */
    public void dump(NetlinkRequest request, DumpVisitor visitor) {
        enter();
        try {
            Dump.run(exchange, request, visitor);
        } catch (MalformedMessageException malformed) {
            throw Exchange.malformed(request, malformed);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Asks for all objects of a kind, as a list.
     *
     * @param request what to ask; NLM_F_DUMP is added
     * @param decoder reads each answer; an empty result leaves it out
     * @param <T> the value's type
     * @return a new list in the kernel's order
     * @throws PodnetException as {@link #dump}
     */
    public <T> List<T> list(NetlinkRequest request, ReplyDecoder<Optional<T>> decoder) {
        List<T> all = new ArrayList<>();
        dump(request, new DumpVisitor() {
            @Override
            public void visit(MessageReader message) {
                decoder.decode(message).ifPresent(all::add);
            }

            @Override
            public void restart() {
                all.clear();
            }
        });
        return all;
    }

    /**
     * Has many independent requests carried out, many to a datagram. The kernel works on all of them in their order,
     * also after one that it refuses.
     *
     * @param requests what to do
     * @return the refused ones by index, empty where all went well
     * @throws PodnetException where the transport fails; requests from some index on were not sent then
     */
    public List<RequestFailure> tryBatch(List<? extends NetlinkRequest> requests) {
        enter();
        try {
            return Batch.run(exchange, requests);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Has many independent requests carried out, as {@link #tryBatch} does.
     *
     * @param requests what to do
     * @throws PodnetException the first refusal, the others suppressed in it; requests after it were carried out
     */
    public void batch(List<? extends NetlinkRequest> requests) {
        throwFirst(tryBatch(requests));
    }

    /**
     * Has a netfilter transaction carried out: all requests, or none. For NETLINK_NETFILTER alone.
     *
     * @param transaction what to do
     * @param echoes is shown what the kernel sends besides acknowledgements: the objects of requests with NLM_F_ECHO
     * @return the refusals by index, empty where the transaction is committed
     * @throws PodnetException where the transport fails
     */
    public List<RequestFailure> tryCommit(NetfilterTransaction transaction, DumpVisitor echoes) {
        enter();
        try {
            return Commit.run(exchange, transaction, echoes);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Has a netfilter transaction carried out: all requests, or none.
     *
     * @param transaction what to do
     * @throws PodnetException the first refusal, the others suppressed in it; nothing was changed
     */
    public void commit(NetfilterTransaction transaction) {
        throwFirst(tryCommit(transaction, echo -> {}));
    }

    private static void throwFirst(List<RequestFailure> failures) {
        if (!failures.isEmpty()) {
            PodnetException first = failures.get(0).error();
            failures.stream().skip(1).forEach(failure -> first.addSuppressed(failure.error()));
            throw first;
        }
    }

    private static boolean accepted(NetlinkRequest request, MessageReader answer, Errno... expected) {
        int errno = Refusal.errnoOf(answer);
        if (errno == 0) {
            return true;
        }
        for (Errno one : expected) {
            if (one.number() == errno) {
                return false;
            }
        }
        throw Refusal.of(request.operation(), request.object(), errno, Refusal.textOf(answer));
    }

    /** Closes the transport after the exchange in work, if any. A second call does nothing. */
    @Override
    public void close() {
        enter();
        try {
            transport.close();
        } finally {
            lock.unlock();
        }
    }
}
