package io.podnet.allocation;

import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.random.RandomGenerator;

/** Finds a free number: from a random one upwards, so that what was just released is seldom given out at once. */
final class Picks {
    private Picks() {}

    /** A number from {@code from} (included) to {@code to} (excluded) that is not taken. */
    static Optional<Long> pick(long from, long to, RandomGenerator random, LongPredicate taken) {
        if (from >= to) {
            return Optional.empty();
        }
        long start = random.nextLong(from, to);
        // What is taken is in memory, so the walk is shorter than the range wherever the range is larger than that.
        for (long number = start; number < to; number++) {
            if (!taken.test(number)) {
                return Optional.of(number);
            }
        }
        for (long number = from; number < start; number++) {
            if (!taken.test(number)) {
                return Optional.of(number);
            }
        }
        return Optional.empty();
    }
}
