package io.podnet.netlink.traffic;

import io.podnet.netlink.codec.AttributeReader;
import io.podnet.netlink.codec.MessageWriter;
import java.util.Optional;

/** TCA_OPTIONS of a token bucket filter: struct tc_tbf_qopt and its 64-bit companions, as sch_tbf.c reads them. */
final class TokenBucketOptions {
    private static final long UNSIGNED_INT = 0xffff_ffffL;
    private static final int LINKLAYER_ETHERNET = 1;
    /** Packet sizes are looked up in steps of 8 bytes: 256 steps reach beyond 2047, tc's default MTU. */
    private static final int CELL_LOG = 3;

    private static final int CELLS = 256;

    // Offsets in struct tc_tbf_qopt.
    private static final int RATE = 8;
    private static final int LIMIT = 24;
    private static final int BUFFER = 28;

    private TokenBucketOptions() {}

    static void write(MessageWriter out, TokenBucket bucket) {
        long rate = bucket.bytesPerSecond();
        int options = out.beginNested(LinuxTc.TCA_OPTIONS);
        int parameters = out.beginValue(LinuxTc.TCA_TBF_PARMS);
        writeRate(out, (int) Math.min(rate, UNSIGNED_INT));
        out.putZeros(12) // no peak rate
                .putInt((int) bucket.limitBytes())
                .putInt((int) Math.min(UNSIGNED_INT, TokenBucket.transmitTicks(bucket.burstBytes(), rate)))
                .putInt(0); // MTU, for the peak rate
        out.endNested(parameters);
        out.attrU32(LinuxTc.TCA_TBF_BURST, (int) bucket.burstBytes());
        if (rate > UNSIGNED_INT) {
            out.attrU64(LinuxTc.TCA_TBF_RATE64, rate);
        }
        writeTable(out, rate);
        out.endNested(options);
    }

    private static void writeRate(MessageWriter out, int rate) {
        out.putByte(CELL_LOG)
                .putByte(LINKLAYER_ETHERNET)
                .putShort(0) // overhead
                .putShort(-1) // cell_align
                .putShort(0) // mpu
                .putInt(rate);
    }

    /** The time that a packet of each size takes, which kernels before 3.8 look up instead of dividing. */
    private static void writeTable(MessageWriter out, long rate) {
        int table = out.beginValue(LinuxTc.TCA_TBF_RTAB);
        for (int cell = 1; cell <= CELLS; cell++) {
            out.putInt((int) Math.min(UNSIGNED_INT, TokenBucket.transmitTicks((long) cell << CELL_LOG, rate)));
        }
        out.endNested(table);
    }

    static Optional<TokenBucket> read(AttributeReader options) {
        long rate = 0;
        long rate64 = 0;
        long limit = 0;
        long ticks = 0;
        while (options.next()) {
            if (options.type() == LinuxTc.TCA_TBF_PARMS) {
                rate = Integer.toUnsignedLong(options.s32At(RATE));
                limit = Integer.toUnsignedLong(options.s32At(LIMIT));
                ticks = Integer.toUnsignedLong(options.s32At(BUFFER));
            } else if (options.type() == LinuxTc.TCA_TBF_RATE64) {
                rate64 = options.u64();
            }
        }
        long bytesPerSecond = rate64 > 0 ? rate64 : rate;
        return bytesPerSecond < 1 || limit < 1
                ? Optional.empty()
                : Optional.of(new TokenBucket(bytesPerSecond, TokenBucket.bytesIn(ticks, bytesPerSecond), limit));
    }
}
