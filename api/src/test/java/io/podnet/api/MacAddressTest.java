package io.podnet.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MacAddressTest {
    @Test
    void givesTheLinkLocalAddressOfRfc4291() {
        assertThat(MacAddress.parse("00:00:5e:00:53:01").linkLocal())
                .isEqualTo(IpAddress.parse("fe80::200:5eff:fe00:5301"));
        assertThat(MacAddress.parse("0a:58:0a:f4:01:02").linkLocal())
                .isEqualTo(IpAddress.parse("fe80::858:aff:fef4:102"));
    }

    @Test
    void marksMadeUpAddressesAsUnicastAndLocal() {
        assertThat(MacAddress.locallyAdministered(-1).toString()).isEqualTo("fe:ff:ff:ff:ff:ff");
        assertThat(MacAddress.locallyAdministered(0).toString()).isEqualTo("02:00:00:00:00:00");
    }

    @Test
    void refusesWhatIsNone() {
        assertThatThrownBy(() -> MacAddress.parse("0a:58:0a:f4:01")).isInstanceOf(PodnetException.Invalid.class);
        assertThatThrownBy(() -> new MacAddress(1L << 48)).isInstanceOf(PodnetException.Invalid.class);
    }
}
