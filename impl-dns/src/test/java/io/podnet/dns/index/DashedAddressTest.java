package io.podnet.dns.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.IpAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DashedAddressTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "9.10.99.100",
                "101.110.199.200",
                "255.255.255.255",
                "10.0.2.6",
                "fd00::7",
                "2001:db8:1:2:3:4:5:6"
            })
    void anAddressIsItsTextWithDashesAndReadBack(String text) {
        IpAddress address = IpAddress.parse(text);
        byte[] label = DashedAddress.label(address.toBytes());
        assertThat(label[0]).isEqualTo((byte) (label.length - 1));
        assertThat(new String(label, 1, label.length - 1, StandardCharsets.US_ASCII))
                .isEqualTo(text.replace('.', '-').replace(':', '-'));
        DashedAddress read = new DashedAddress();
        assertThat(read.read(label, 1, label.length - 1)).isTrue();
        assertThat(read.family()).isEqualTo(address.toBytes().length);
        assertThat(read.high()).isEqualTo(AddressTree.high(address));
        assertThat(read.low()).isEqualTo(AddressTree.low(address));
    }
}
