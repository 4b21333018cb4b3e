package io.podnet.netlink.xtables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.NativeMemory;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Entries that no kernel gives. */
class EntryHashTest {
    private static final EntryLayout LAYOUT = EntryLayout.of(IpFamily.IPV4);
    private static final int SIZE = 3 * 152;

    private static void fill(NativeMemory memory) {
        for (int i = 0; i < SIZE; i++) {
            memory.putByte(i, 0);
        }
        for (int entry = 0; entry < 3; entry++) {
            memory.putByte(entry * 152L + LAYOUT.nextOffset(), 152);
        }
    }

    /** Each byte counts but comefrom and the counters, and those never. */
    @Test
    void everyByteOfARuleCounts() {
        try (NativeMemory memory = NativeMemory.allocate(SIZE)) {
            fill(memory);
            long before = EntryHash.of(memory, LAYOUT, 0, SIZE);
            for (int i = 0; i < SIZE; i++) {
                int inside = i % 152;
                if (inside == LAYOUT.nextOffset() || inside == LAYOUT.nextOffset() + 1) {
                    continue;
                }
                memory.putByte(i, 1);
                boolean counts = inside < LAYOUT.comefrom() || inside >= LAYOUT.header();
                assertThat(EntryHash.of(memory, LAYOUT, 0, SIZE) != before)
                        .as("byte " + i)
                        .isEqualTo(counts);
                memory.putByte(i, 0);
            }
        }
    }

    @Test
    void damagedEntriesAreRefusedOrHashed() {
        Random random = new Random(20_261_124);
        int refused = 0;
        try (NativeMemory memory = NativeMemory.allocate(SIZE)) {
            for (int round = 0; round < 20_000; round++) {
                fill(memory);
                memory.putByte(random.nextInt(3) * 152L + LAYOUT.nextOffset() + random.nextInt(2), random.nextInt(256));
                try {
                    EntryHash.of(memory, LAYOUT, 0, SIZE - random.nextInt(2) * random.nextInt(SIZE));
                } catch (PodnetException.StateFailure expected) {
                    refused++;
                }
            }
        }
        assertThat(refused).isGreaterThan(1_000);
    }

    /** The kernel leaves gaps between what it writes: what stood there before must not count. */
    @Test
    void memoryIsZeroedHoweverItWasUsedBefore() {
        for (int round = 0; round < 100; round++) {
            try (NativeMemory memory = NativeMemory.allocate(512)) {
                for (int i = 0; i < 512; i++) {
                    assertThat(memory.u16(i & ~1)).isZero();
                }
                for (int i = 0; i < 512; i++) {
                    memory.putByte(i, -1);
                }
            }
        }
    }

    @Test
    void memoryIsGivenBackOnce() {
        NativeMemory memory = NativeMemory.allocate(8);
        memory.putInt(0, 42);
        assertThat(memory.s32(0)).isEqualTo(42);
        assertThatThrownBy(() -> memory.s64(1)).isInstanceOf(IndexOutOfBoundsException.class);
        memory.close();
        memory.close();
        assertThatThrownBy(() -> memory.s32(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> NativeMemory.allocate(Long.MAX_VALUE / 2))
                .isInstanceOf(PodnetException.LimitReached.class);
    }
}
