package io.podnet.testkit.cluster;

import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.libc.Refusal;
import java.nio.ByteBuffer;

/** Carries frames between two interfaces in both directions, on a thread of its own, as badly as it is told. */
final class Relay implements AutoCloseable {
    private static final int POLLIN = 1;
    private static final int POLLFD = 8;
    private static final int EFD_CLOEXEC = 0x80000;
    private static final long PATIENCE_MILLIS = 10_000;

    private final Libc libc = Libc.instance();
    private final FrameSocket one;
    private final FrameSocket other;
    private final Lane there;
    private final Lane back;
    private final int wake;
    private final ByteBuffer waiting = Libc.allocate(3 * POLLFD);
    private final Thread thread;
    private volatile Impairment impairment;
    private volatile boolean ended;

    /** Takes two sockets, which are closed with this. */
    Relay(String name, FrameSocket one, FrameSocket other, Impairment impairment) {
        this.one = one;
        this.other = other;
        this.there = new Lane(one, other);
        this.back = new Lane(other, one);
        this.impairment = impairment;
        this.wake = libc.eventfd(0, EFD_CLOEXEC);
        if (wake < 0) {
            throw Refusal.of("eventfd", "the relay of " + name, wake);
        }
        int[] fds = {one.fd(), other.fd(), wake};
        for (int i = 0; i < fds.length; i++) {
            waiting.putInt(i * POLLFD, fds[i]).putShort(i * POLLFD + 4, (short) POLLIN);
        }
        this.thread = new Thread(null, this::run, "podnet-relay-" + name, 0, false);
        thread.setDaemon(true);
        thread.start();
    }

    /** From the next frame on; those on their way stay as they are. */
    void impair(Impairment changed) {
        impairment = changed;
    }

    private void run() {
        while (!ended) {
            int first = there.millisToNext();
            int second = back.millisToNext();
            libc.poll(
                    libc.addressOf(waiting),
                    3,
                    first < 0 || second < 0 ? Math.max(first, second) : Math.min(first, second));
            Impairment now = impairment;
            there.take(now);
            back.take(now);
            there.give();
            back.give();
        }
    }

    /** Ends it; what is on its way vanishes. */
    @Override
    public void close() {
        ended = true;
        ByteBuffer count = Libc.allocate(Long.BYTES).putLong(0, 1);
        libc.write(wake, libc.addressOf(count), Long.BYTES);
        try {
            thread.join(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            return; // Numbers of descriptors that are still in use must not become somebody else's.
        }
        one.close();
        other.close();
        libc.close(wake);
    }
}
