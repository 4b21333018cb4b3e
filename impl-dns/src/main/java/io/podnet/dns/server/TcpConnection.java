package io.podnet.dns.server;

import io.podnet.dns.wire.Header;
import io.podnet.dns.wire.Octets;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.libc.Libc;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A TCP connection (RFC 7766): many queries, answers in whatever order they come, length and message in one write. What a
 * client may hold is bounded: one query of {@link #QUERY} octets, {@link #MOST_WAITING} queries with the forwarder, and no
 * query is taken while answers wait to be taken. Its loop's thread only.
 */
final class TcpConnection implements Handler, ReplyPath.Maker {
    /** The most octets of a query. */
    static final int QUERY = 4096;

    private static final int MOST_WAITING = 16;
    private static final long READ_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MSG_FLAGS = 0x4040;
    private static final byte[] NOTHING = new byte[0];

    private final EventLoop loop;
    private final LoopMemory memory;
    private final Client client;
    private final int fd;
    private final Consumer<TcpConnection> onClose;
    private final byte[] in = new byte[2 + QUERY];
    private byte[] pending = NOTHING;
    private int have;
    private int waiting;
    private long token;
    private long active = System.nanoTime();
    private long frameBegun;
    private boolean ended;
    private boolean closed;
    private int interest = Epoll.IN;

    TcpConnection(EventLoop loop, LoopMemory memory, Client client, int fd, Consumer<TcpConnection> onClose) {
        this.loop = loop;
        this.memory = memory;
        this.client = client;
        this.fd = fd;
        this.onClose = onClose;
    }

    void open() {
        token = loop.add(fd, interest, this);
    }

    Client client() {
        return client;
    }

    boolean overdue(long now) {
        boolean slow = have > 0 && mayTake() && now - frameBegun > READ_NANOS;
        return slow || (waiting == 0 && now - active > IDLE_NANOS);
    }

    /** Tells whether a query may be taken now; whole ones lie here while answers wait, or with enough of them forwarded. */
    private boolean mayTake() {
        return pending.length == 0 && waiting < MOST_WAITING;
    }

    /** Tells whether closing this now would take nothing from its client but the connection. */
    boolean idle() {
        return waiting == 0 && pending.length == 0;
    }

    /** When something was last done with it, by {@link System#nanoTime}. */
    long active() {
        return active;
    }

    @Override
    public void ready(int events) {
        if ((events & (Epoll.ERR | Epoll.HUP)) != 0) {
            // Nobody is left to answer.
            close();
            return;
        }
        if ((events & Epoll.OUT) != 0) {
            flush();
            goOn();
        }
        if (!closed && mayTake() && (events & Epoll.IN) != 0) {
            read();
        }
        settle();
    }

    private void read() {
        ByteBuffer room = memory.stream();
        long received = Libc.instance().recv(fd, Libc.instance().addressOf(room), in.length - have, MSG_FLAGS);
        if (received < 0) {
            if (!Errno.EAGAIN.is(received) && !Errno.EINTR.is(received)) {
                close();
            }
            return;
        }
        if (received == 0) {
            ended = true;
            return;
        }
        if (have == 0) {
            frameBegun = System.nanoTime();
        }
        room.get(0, in, have, (int) received);
        have += (int) received;
        takeFrames();
    }

    /** Takes the queries that waited, where they need not wait any more. */
    private void goOn() {
        if (!closed && mayTake()) {
            // What there is of another query was not read on meanwhile, which is not its client's fault.
            frameBegun = System.nanoTime();
            takeFrames();
        }
    }

    /** Ends where answers begin to wait: those to all the queries that lie here may be a thousand times as large. */
    private void takeFrames() {
        int at = 0;
        int written = 0;
        while (have - at >= 2 && mayTake()) {
            int length = Octets.u16(in, at);
            if (length < Header.LENGTH || length > QUERY) {
                // After a length that cannot be right nothing can be right.
                close();
                return;
            }
            if (have - at < 2 + length) {
                break;
            }
            byte[] query = Arrays.copyOfRange(in, at + 2, at + 2 + length);
            at += 2 + length;
            byte[] answer = memory.answer();
            int answered = memory.desk().handle(query, length, true, client, answer, this);
            if (answered > 0) {
                if (written + 2 + answered > LoopMemory.STREAM) {
                    send(written);
                    written = 0;
                }
                written = put(written, answer, answered);
            }
        }
        if (at > 0) {
            System.arraycopy(in, at, in, 0, have - at);
            have -= at;
            active = System.nanoTime();
            frameBegun = active;
        }
        send(written);
    }

    private int put(int at, byte[] answer, int length) {
        ByteBuffer stream = memory.stream();
        stream.order(ByteOrder.BIG_ENDIAN).putShort(at, (short) length).order(ByteOrder.nativeOrder());
        stream.put(at + 2, answer, 0, length);
        return at + 2 + length;
    }

    /** Sends what was put; keeps what the client does not take. */
    private void send(int length) {
        if (length == 0 || closed) {
            return;
        }
        int sent = 0;
        if (pending.length == 0) {
            long result = Libc.instance().send(fd, Libc.instance().addressOf(memory.stream()), length, MSG_FLAGS);
            if (result < 0 && !Errno.EAGAIN.is(result)) {
                close();
                return;
            }
            sent = (int) Math.max(result, 0);
        }
        if (sent < length) {
            byte[] all = Arrays.copyOf(pending, pending.length + length - sent);
            memory.stream().get(sent, all, pending.length, length - sent);
            pending = all;
        }
    }

    private void flush() {
        int length = Math.min(pending.length, LoopMemory.STREAM);
        if (length == 0) {
            return;
        }
        memory.stream().put(0, pending, 0, length);
        long sent = Libc.instance().send(fd, Libc.instance().addressOf(memory.stream()), length, MSG_FLAGS);
        if (sent < 0) {
            if (!Errno.EAGAIN.is(sent)) {
                close();
            }
            return;
        }
        active = System.nanoTime();
        pending = sent == pending.length ? NOTHING : Arrays.copyOfRange(pending, (int) sent, pending.length);
    }

    @Override
    public ReplyPath replyPath() {
        waiting++;
        return (answer, length) -> loop.execute(() -> arrived(answer, length));
    }

    private void arrived(byte[] answer, int length) {
        waiting--;
        if (closed) {
            return;
        }
        active = System.nanoTime();
        if (length > 0) {
            send(put(0, answer, length));
        }
        goOn();
        settle();
    }

    /** Closes what is done, and asks for the events that something can be done with. */
    private void settle() {
        if (closed) {
            return;
        }
        if (ended && waiting == 0 && pending.length == 0) {
            close();
            return;
        }
        int wanted = pending.length > 0 ? Epoll.OUT : ended || waiting >= MOST_WAITING ? 0 : Epoll.IN;
        if (wanted != interest) {
            interest = wanted;
            loop.interest(fd, wanted, token);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            loop.remove(fd, token);
            onClose.accept(this);
        }
    }
}
