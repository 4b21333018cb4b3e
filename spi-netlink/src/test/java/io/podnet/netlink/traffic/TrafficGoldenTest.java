package io.podnet.netlink.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.netlink.Golden;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What is read from real messages, and the arithmetic of buckets. */
class TrafficGoldenTest {
    @Test
    void aTokenBucketFilter() {
        Qdisc qdisc = QdiscRequests.decode(Golden.message("newqdisc-tbf")).orElseThrow();
        assertThat(qdisc.kind()).isEqualTo("tbf");
        assertThat(qdisc.parent()).isEqualTo(Qdisc.ROOT);
        assertThat(TokenBucket.ofBits(10_000_000).isShownAs(qdisc.tokenBucket().orElseThrow()))
                .isTrue();
    }

    @Test
    void aRedirection() {
        assertThat(RedirectFilter.target(Golden.message("newtfilter-u32", 0))).isEmpty();
        assertThat(RedirectFilter.target(Golden.message("newtfilter-u32", 1))).isEmpty();
        assertThat(RedirectFilter.target(Golden.message("newtfilter-u32", 2))).isEqualTo(OptionalInt.of(2));
    }

    @Test
    void limitIsBurstPlusWhatTheLatencyLetsWait() {
        TokenBucket bucket = TokenBucket.ofBits(8_000_000, 10_000, Duration.ofMillis(100));
        assertThat(bucket).isEqualTo(new TokenBucket(1_000_000, 10_000, 110_000));
        assertThat(TokenBucket.ofBits(9).bytesPerSecond()).isEqualTo(2);
        assertThat(TokenBucket.ofBits(1_000_000_000_000_000L, 1L << 40, Duration.ofDays(1)))
                .isEqualTo(new TokenBucket(125_000_000_000_000L, 0xffff_ffffL, 0xffff_ffffL));
    }

    @Test
    void anotherRateLimitOrBurstIsAnotherBucket() {
        TokenBucket bucket = TokenBucket.ofBits(10_000_000);
        assertThat(bucket.isShownAs(bucket)).isTrue();
        assertThat(bucket.isShownAs(TokenBucket.ofBits(10_000_008))).isFalse();
        assertThat(bucket.isShownAs(new TokenBucket(1_250_000, bucket.burstBytes(), bucket.limitBytes() + 1)))
                .isFalse();
        assertThat(bucket.isShownAs(new TokenBucket(1_250_000, bucket.burstBytes() + 10, bucket.limitBytes())))
                .isFalse();
    }
}
