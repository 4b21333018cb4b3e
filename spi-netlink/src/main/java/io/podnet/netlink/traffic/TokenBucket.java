package io.podnet.netlink.traffic;

import io.podnet.api.PodnetException;
import java.time.Duration;

/**
 * A token bucket filter (man 8 tc-tbf): packets leave at a rate, a burst goes out at once, what does not fit into the
 * queue is dropped.
 *
 * @param bytesPerSecond rate, at least 1
 * @param burstBytes size of the bucket, 1 to 2^32-1; less than the link's MTU plus 14 lets no full packet pass
 * @param limitBytes size of the queue, 1 to 2^32-1
 */
public record TokenBucket(long bytesPerSecond, long burstBytes, long limitBytes) {
    private static final long UNSIGNED_INT = 0xffff_ffffL;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int BITS_PER_BYTE = 8;

    /** The kernel's clock tick for traffic control, in ns: PSCHED_SHIFT in include/net/pkt_sched.h. */
    static final long TICK_NANOS = 64;

    /** Some full packets: a bucket that is smaller than one lets nothing pass. */
    private static final long LEAST_BURST = 16 * 1024;

    private static final Duration LATENCY = Duration.ofMillis(25);

    /** Checks the ranges. */
    public TokenBucket {
        if (bytesPerSecond < 1) {
            throw new PodnetException.Invalid("a rate of " + bytesPerSecond + " bytes a second lets nothing pass");
        }
        if (burstBytes < 1 || burstBytes > UNSIGNED_INT || limitBytes < 1 || limitBytes > UNSIGNED_INT) {
            throw new PodnetException.Invalid(
                    "burst " + burstBytes + " and limit " + limitBytes + " must be in 1..4294967295 bytes");
        }
    }

    /**
     * Makes a bucket for a rate, with a burst of 10 ms (at least 16 KiB) and a queue that delays a packet by at most
     * 25 ms, which is what CNI's bandwidth plugin takes.
     *
     * @param bitsPerSecond rate, at least 1; rounded up to whole bytes
     * @return the bucket
     */
    public static TokenBucket ofBits(long bitsPerSecond) {
        return ofBits(bitsPerSecond, Math.max(LEAST_BURST, bitsPerSecond / BITS_PER_BYTE / 100), LATENCY);
    }

    /**
     * Makes a bucket for a rate.
     *
     * @param bitsPerSecond rate, at least 1; rounded up to whole bytes
     * @param burstBytes size of the bucket, 1 to 2^32-1, cut to that
     * @param latency how long a packet may wait in the queue; the queue is cut to 2^32-1 bytes
     * @return the bucket
     */
    public static TokenBucket ofBits(long bitsPerSecond, long burstBytes, Duration latency) {
        long rate = bitsPerSecond / BITS_PER_BYTE + (bitsPerSecond % BITS_PER_BYTE > 0 ? 1 : 0);
        long burst = Math.min(burstBytes, UNSIGNED_INT);
        double queue = (double) rate * latency.toNanos() / NANOS_PER_SECOND;
        return new TokenBucket(rate, burst, (long) Math.min(UNSIGNED_INT, queue + burst));
    }

    /**
     * Compares with what a kernel shows. It keeps the burst as a time in ticks of 64 ns, so the burst that is read back
     * may be off by that much and by the rounding of the kernel's division.
     *
     * @param shown what {@link TrafficControl} read
     * @return true where it is this bucket
     */
    public boolean isShownAs(TokenBucket shown) {
        long ticks = burstTicks(this);
        if (bytesPerSecond != shown.bytesPerSecond || limitBytes != shown.limitBytes) {
            return false;
        }
        // Beyond 2^32 ticks the kernel shows the lower half only.
        return ticks > UNSIGNED_INT || Math.abs(ticks - burstTicks(shown)) <= 2 + ticks / (1 << 20);
    }

    private static long burstTicks(TokenBucket bucket) {
        return transmitTicks(bucket.burstBytes, bucket.bytesPerSecond);
    }

    /**
     * Says how long bytes take.
     *
     * @param bytes how many
     * @param bytesPerSecond rate
     * @return ticks of 64 ns
     */
    static long transmitTicks(long bytes, long bytesPerSecond) {
        return (long) ((double) bytes * NANOS_PER_SECOND / bytesPerSecond / TICK_NANOS);
    }

    /**
     * Says how much goes out in a time.
     *
     * @param ticks ticks of 64 ns
     * @param bytesPerSecond rate
     * @return bytes, rounded, 1 to 2^32-1
     */
    static long bytesIn(long ticks, long bytesPerSecond) {
        double bytes = (double) ticks * TICK_NANOS * bytesPerSecond / NANOS_PER_SECOND;
        return Math.max(1, Math.min(UNSIGNED_INT, Math.round(bytes)));
    }
}
