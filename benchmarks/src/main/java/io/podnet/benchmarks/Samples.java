package io.podnet.benchmarks;

import java.util.Arrays;

/** Durations of one kind of call, in nanoseconds. */
final class Samples {
    private long[] nanos = new long[1024];
    private int count;

    void add(long duration) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = duration;
    }

    /** Gives a percentile in microseconds, by nearest rank. */
    double micros(double percentile) {
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(percentile / 100 * count) - 1;
        return sorted[Math.max(0, rank)] / 1e3;
    }

    /** Gives the share of those that took longer, 0 to 1. */
    double above(double micros) {
        return Arrays.stream(nanos, 0, count).filter(one -> one / 1e3 > micros).count() / (double) count;
    }
}
