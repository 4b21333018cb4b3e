package io.podnet.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.Cidr;
import io.podnet.api.PodnetException;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StoreKeyTest {
    @Test
    void differentKeysHaveDifferentNames() {
        long seed = System.nanoTime();
        System.out.println("store key seed " + seed);
        Random random = new Random(seed);
        Map<String, StoreKey> names = new HashMap<>();
        String letters = "abhs1";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder path = new StringBuilder("a");
            for (int j = random.nextInt(8); j > 0; j--) {
                path.append("-./".charAt(random.nextInt(3))).append(letters.charAt(random.nextInt(letters.length())));
            }
            StoreKey key = new StoreKey(path.toString());
            assertThat(StoreKey.ofDnsName(key.toDnsName())).isEqualTo(key);
            StoreKey other = names.put(key.toDnsName(), key);
            assertThat(other == null || other.equals(key))
                    .as("%s and %s", key, other)
                    .isTrue();
        }
    }

    @Test
    void networksAreSegments() {
        for (String text : new String[] {"10.244.1.0/26", "0.0.0.0/0", "fd00:10:244::/122", "::/0", "fd00::1/128"}) {
            Cidr cidr = Cidr.parse(text);
            assertThat(StoreKey.cidrOf(StoreKey.segmentOf(cidr))).isEqualTo(cidr);
            assertThat(StoreKey.of("block", StoreKey.segmentOf(cidr)).name()).isEqualTo(StoreKey.segmentOf(cidr));
        }
        for (String bad :
                new String[] {"10-244-1-0", "10-244-1-0-33", "10-244-01-0-26", "x", "fd00-0-0-0-0-0-0-00-64"}) {
            assertThatThrownBy(() -> StoreKey.cidrOf(bad)).as(bad).isInstanceOf(PodnetException.Invalid.class);
        }
    }

    @Test
    void whatIsNoKeyIsRefused() {
        for (String bad :
                new String[] {"", "/a", "a/", "a//b", "A", "a b", "../a", "a/..", "-a", "a/" + "-a".repeat(90)}) {
            assertThatThrownBy(() -> new StoreKey(bad)).as(bad).isInstanceOf(PodnetException.Invalid.class);
        }
        for (String bad : new String[] {"a-", "a-x", "a/b", "a-s", ""}) {
            assertThatThrownBy(() -> StoreKey.ofDnsName(bad)).as(bad).isInstanceOf(PodnetException.Invalid.class);
        }
        assertThat(new StoreKey("a/b").isBelow(new StoreKey("a"))).isTrue();
        assertThat(new StoreKey("ab/b").isBelow(new StoreKey("a"))).isFalse();
        assertThat(new StoreKey("a").isBelow(new StoreKey("a"))).isFalse();
    }
}
