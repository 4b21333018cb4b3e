package io.podnet.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.Cidr;
import io.podnet.api.PodnetException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {
    @Test
    void takesAllButTheNetworkAndBroadcastAddresses() {
        assertThat(AddressRange.of(Cidr.parse("10.244.1.0/29"))).hasToString("10.244.1.1-10.244.1.6");
        assertThat(AddressRange.of(Cidr.parse("fd00::/126"))).hasToString("fd00::1-fd00::3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0/0",
                "0.1.0.0/16",
                "127.0.0.0/24",
                "169.254.0.0/16",
                "224.0.0.0/24",
                "192.0.0.0/2",
                "::/64",
                "::ffff:10.0.0.0/120",
                "fe80::/64",
                "ff02::/64"
            })
    void refusesAddressesThatNoPodCanHave(String subnet) {
        Cidr cidr = Cidr.parse(subnet);
        assertThatThrownBy(() -> AddressRange.of(cidr))
                .isInstanceOf(PodnetException.Invalid.class)
                .hasMessageContaining("no pod can have");
    }
}
