package io.podnet.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
    @ParameterizedTest
    @CsvSource({
        "10.244.1.5, 10.244.1.5",
        "255.255.255.255, 255.255.255.255",
        "::, ::",
        "::1, ::1",
        "fd00:0:0:0:0:0:0:5, fd00::5",
        "2001:DB8::A, 2001:db8::a",
        "1:0:0:2:0:0:0:3, 1:0:0:2::3",
        "1:0:2:3:4:5:6:7, 1:0:2:3:4:5:6:7",
        "::ffff:192.0.2.1, ::ffff:192.0.2.1",
        "64:ff9b::192.0.2.1, 64:ff9b::c000:201",
        "fe80::, fe80::"
    })
    void writesTheCanonicalForm(String text, String canonical) {
        assertThat(IpAddress.parse(text).toString()).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "01.2.3.4",
                "256.1.1.1",
                "1.2.3.-4",
                "1.2.3.4 ",
                "localhost",
                ":",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "12345::",
                "fe80::1%eth0",
                "[::1]",
                "::1.2.3",
                "1.2.3.4::",
                "1.2.3.4::1.2.3.4",
                "1:2:3:4:5:6:7::8",
                "g::",
                "\u0661.2.3.4"
            })
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> IpAddress.parse(text))
                .isInstanceOf(PodnetException.Invalid.class)
                .hasMessageContaining("is not an IP address");
    }

    @Test
    void agreesWithTheJdkOnRandomAddresses() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(bytes);
            for (int j = 0; j < bytes.length; j++) {
                if (random.nextInt(3) == 0) {
                    bytes[j] = 0;
                }
            }
            IpAddress address = IpAddress.of(bytes);
            assertThat(address.toBytes()).as("seed %s", seed).isEqualTo(bytes);
            assertThat(IpAddress.parse(address.toString())).as("seed %s", seed).isEqualTo(address);
            if (bytes.length == 4 || !address.toString().startsWith("::ffff:")) {
                assertThat(InetAddress.getByName(address.toString()).getAddress())
                        .as("seed %s", seed)
                        .isEqualTo(bytes);
            }
        }
    }

    @Test
    void countsAcrossTheWords() {
        IpAddress address = IpAddress.parse("fd00::ffff:ffff:ffff:ffff");
        assertThat(address.plus(1)).isEqualTo(IpAddress.parse("fd00:0:0:1::"));
        assertThat(address.plus(1).minus(address)).isEqualTo(1);
        assertThat(IpAddress.parse("10.0.1.0").minus(IpAddress.parse("10.0.0.0")))
                .isEqualTo(256);
        assertThat(IpAddress.parse("fd01::").minus(IpAddress.parse("fd00::"))).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void knowsTheSpecialOnes() {
        assertThat(IpAddress.parse("127.3.0.1").isLoopback()).isTrue();
        assertThat(IpAddress.parse("::1").isLoopback()).isTrue();
        assertThat(IpAddress.parse("169.254.169.254").isLinkLocal()).isTrue();
        assertThat(IpAddress.parse("febf::1").isLinkLocal()).isTrue();
        assertThat(IpAddress.parse("fec0::1").isLinkLocal()).isFalse();
        assertThat(IpAddress.parse("224.0.0.1").isMulticast()).isTrue();
        assertThat(IpAddress.parse("ff02::1").isMulticast()).isTrue();
        assertThat(IpAddress.parse("::").isUnspecified()).isTrue();
    }
}
