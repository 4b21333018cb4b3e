package io.podnet.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
    @ParameterizedTest
    @CsvSource({
        "10.244.1.0/24, 10.244.1.1, 10.244.1.255",
        "0.0.0.0/0, 0.0.0.1, 255.255.255.255",
        "10.0.0.0/31, 10.0.0.1, 10.0.0.1",
        "fd00:1::/64, fd00:1::1, fd00:1::ffff:ffff:ffff:ffff",
        "fd00:1::/48, fd00:1::1, fd00:1:0:ffff:ffff:ffff:ffff:ffff",
        "::/0, ::1, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
    })
    void knowsItsEnds(String text, String gateway, String last) {
        Cidr cidr = Cidr.parse(text);
        assertThat(cidr.toString()).isEqualTo(text);
        assertThat(cidr.gateway()).isEqualTo(IpAddress.parse(gateway));
        assertThat(cidr.last()).isEqualTo(IpAddress.parse(last));
        assertThat(cidr.contains(cidr.last())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08", "fd00::/129", "/8", "10.0.0.0/"})
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(PodnetException.Invalid.class);
    }

    @Test
    void namesTheNetworkThatHostBitsMeant() {
        assertThatThrownBy(() -> Cidr.parse("10.244.1.1/24"))
                .isInstanceOf(PodnetException.Invalid.class)
                .hasMessage("10.244.1.1/24 has host bits set; the network is 10.244.1.0/24");
    }

    @Test
    void seesOverlaps() {
        assertThat(Cidr.parse("10.0.0.0/8").overlaps(Cidr.parse("10.244.1.0/24")))
                .isTrue();
        assertThat(Cidr.parse("10.244.1.0/24").overlaps(Cidr.parse("10.0.0.0/8")))
                .isTrue();
        assertThat(Cidr.parse("10.244.1.0/24").overlaps(Cidr.parse("10.244.2.0/24")))
                .isFalse();
        assertThat(Cidr.parse("0.0.0.0/0").overlaps(Cidr.parse("::/0"))).isFalse();
    }
}
