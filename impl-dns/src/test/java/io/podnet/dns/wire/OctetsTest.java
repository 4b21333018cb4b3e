package io.podnet.dns.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Only ASCII's capital letters become small, wherever they stand (RFC 4343). */
class OctetsTest {
    private static final int ALL = 256;

    @Test
    void onlyAsciiCapitalsBecomeSmall() {
        byte[] from = new byte[3 * ALL];
        byte[] expected = new byte[3 * ALL];
        for (int i = 0; i < from.length; i++) {
            int octet = i * 7 % ALL;
            from[i] = (byte) octet;
            expected[i] = (byte) (octet >= 'A' && octet <= 'Z' ? Character.toLowerCase(octet) : octet);
        }
        for (int offset = 0; offset < 8; offset++) {
            for (int count = 0; count < ALL + 8; count++) {
                byte[] to = new byte[3 * ALL];
                Octets.copySmall(from, offset, to, 3, count);
                assertThat(Arrays.copyOfRange(to, 3, 3 + count))
                        .isEqualTo(Arrays.copyOfRange(expected, offset, offset + count));
                assertThat(to[2]).isZero();
                assertThat(to[3 + count]).isZero();
            }
        }
    }
}
