package io.podnet.bridge.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SparseBitmapTest {
    @Test
    void agreesWithBitSet() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        SparseBitmap sparse = new SparseBitmap();
        BitSet model = new BitSet();
        for (int step = 0; step < 60_000; step++) {
            int from = random.nextInt(9_000);
            int run = random.nextInt(20) == 0 ? random.nextInt(3_000) : 1;
            boolean set = random.nextInt(5) < 3;
            for (int bit = from; bit < from + run; bit++) {
                model.set(bit, set);
                if (set) {
                    sparse.set(bit);
                } else {
                    sparse.clear(bit);
                }
            }
            int probe = random.nextInt(13_000);
            assertThat(sparse.nextClear(probe))
                    .as("seed %d step %d", seed, step)
                    .isEqualTo(model.nextClearBit(probe));
            assertThat(sparse.get(probe)).as("seed %d step %d", seed, step).isEqualTo(model.get(probe));
        }
    }

    @Test
    void reachesTheLastBits() {
        SparseBitmap sparse = new SparseBitmap();
        sparse.set(Long.MAX_VALUE - 2);
        assertThat(sparse.nextClear(Long.MAX_VALUE - 2)).isEqualTo(Long.MAX_VALUE - 1);
        sparse.clear(Long.MAX_VALUE - 2);
        assertThat(sparse.nextClear(Long.MAX_VALUE - 2)).isEqualTo(Long.MAX_VALUE - 2);
    }
}
