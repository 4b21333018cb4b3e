package io.podnet.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PacingTest {
    private static final long MILLI = 1_000_000;

    private static Pacing pacing(long periodMillis) {
        return new Pacing(Duration.ofMillis(periodMillis), Duration.ofSeconds(30), 0);
    }

    private static void write(Pacing pacing, long from, long to) {
        pacing.begun(from * MILLI);
        pacing.succeeded(to * MILLI);
    }

    @Test
    void shortWritesComeInPairsAndThenOncePerPeriod() {
        Pacing pacing = pacing(100);
        write(pacing, 0, 0);
        assertThat(pacing.nanosUntilNext(0)).isNotPositive();
        write(pacing, 0, 0);
        assertThat(pacing.nanosUntilNext(0)).isEqualTo(100 * MILLI);
        assertThat(pacing.nanosUntilNext(100 * MILLI)).isNotPositive();
    }

    @Test
    void aLongWriteIsFollowedByAsLongARestButNoMoreThanASecond() {
        Pacing pacing = pacing(100);
        write(pacing, 0, 600);
        assertThat(pacing.nanosUntilNext(600 * MILLI)).isEqualTo(600 * MILLI);
        assertThat(pacing.nanosUntilNext(1200 * MILLI)).isNotPositive();
        write(pacing, 1200, 9200);
        assertThat(pacing.nanosUntilNext(9200 * MILLI)).isEqualTo(1000 * MILLI);
    }

    @Test
    void withoutAPeriodThereIsNoRest() {
        Pacing pacing = pacing(0);
        write(pacing, 0, 600);
        assertThat(pacing.nanosUntilNext(600 * MILLI)).isNotPositive();
    }

    @Test
    void failuresWaitLongerAndLongerUpToTheLongestRetry() {
        Pacing pacing = pacing(0);
        for (long seconds : new long[] {1, 2, 4, 8, 16, 30, 30}) {
            pacing.failed(0);
            assertThat(pacing.nanosUntilNext(0)).isEqualTo(seconds * 1000 * MILLI);
        }
        pacing.succeeded(0);
        assertThat(pacing.nanosUntilNext(0)).isNotPositive();
    }
}
