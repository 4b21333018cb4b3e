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
}
