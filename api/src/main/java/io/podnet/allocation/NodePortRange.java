package io.podnet.allocation;

import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;

/**
 * Kubernetes' default {@code --service-node-port-range}, 30000-32767. The first 86 are left to those who ask for one, as
 * long as there are others: KEP-3668, min(max(16, size/32), 128).
 */
final class NodePortRange {
    static final int FIRST = 30_000;
    static final int LAST = 32_767;
    static final int BAND = 86;

    private NodePortRange() {}

    static boolean offers(int port) {
        return port >= FIRST && port <= LAST;
    }

    static Optional<Integer> pick(IntPredicate taken, RandomGenerator random) {
        int size = LAST - FIRST + 1;
        return Picks.pick(BAND, size, random, index -> taken.test(FIRST + (int) index))
                .or(() -> Picks.pick(0, BAND, random, index -> taken.test(FIRST + (int) index)))
                .map(index -> FIRST + index.intValue());
    }
}
