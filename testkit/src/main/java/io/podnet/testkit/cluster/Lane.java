package io.podnet.testkit.cluster;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;

/** One direction of a bad link: frames on their way, in order. For one thread. */
final class Lane {
    /** A faster sender loses frames, as at a router whose queue is full. */
    private static final long MOST_BYTES = 64L << 20;

    private final FrameSocket from;
    private final FrameSocket to;
    private final SplittableRandom random = new SplittableRandom();
    private final Deque<Frame> frames = new ArrayDeque<>();
    private long bytes;
    private long lastDue = Long.MIN_VALUE;

    private static final class Frame {
        private final long due;
        private final byte[] bytes;

        Frame(long due, byte[] bytes) {
            this.due = due;
            this.bytes = bytes;
        }
    }

    Lane(FrameSocket from, FrameSocket to) {
        this.from = from;
        this.to = to;
    }

    /** Takes what has come. */
    void take(Impairment now) {
        for (byte[] frame = from.read(); frame != null; frame = from.read()) {
            boolean lost = now.loss() > 0 && random.nextDouble() < now.loss();
            if (!lost && bytes + frame.length <= MOST_BYTES) {
                lastDue = Math.max(lastDue, System.nanoTime() + wait(now));
                bytes += frame.length;
                frames.add(new Frame(lastDue, frame));
            }
        }
    }

    private long wait(Impairment now) {
        long jitter = now.jitter().toNanos();
        return now.delay().toNanos() + (jitter == 0 ? 0 : random.nextLong(-jitter, jitter + 1));
    }

    /** Sends what is due. */
    void give() {
        for (Frame next = frames.peek(); next != null && next.due <= System.nanoTime(); next = frames.peek()) {
            frames.remove();
            bytes -= next.bytes.length;
            to.write(next.bytes);
        }
    }

    /** Tells how long the next frame has to wait: milliseconds, rounded up; -1 where there is none. */
    int millisToNext() {
        Frame next = frames.peek();
        return next == null ? -1 : (int) Math.max(0, (next.due - System.nanoTime() + 999_999) / 1_000_000);
    }
}
