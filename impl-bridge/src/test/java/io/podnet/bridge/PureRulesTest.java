package io.podnet.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.AttachmentId;
import io.podnet.api.IpAddress;
import io.podnet.api.MacAddress;
import io.podnet.api.PodnetException;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PureRulesTest {
    @Test
    void theMtuIsTheSmallestOfTheNodesAndNeverLargerForATinyTunnel() {
        assertThat(MtuRule.choose(1400, IntStream.of(1500), false)).isEqualTo(1400);
        assertThat(MtuRule.choose(0, IntStream.of(9000, 1500), false)).isEqualTo(1500);
        assertThat(MtuRule.choose(0, IntStream.empty(), false)).isEqualTo(1460);
        assertThat(MtuRule.choose(0, IntStream.of(1500, 300), false)).isEqualTo(576);
        assertThat(MtuRule.choose(0, IntStream.of(1500, 300), true)).isEqualTo(1280);
    }

    @Test
    void namesFollowFromTheAttachmentAndFitTheKernel() {
        assertThat(LinkNames.hostPort(new AttachmentId("0123456789ab", "eth0"))).isEqualTo("pn0123456789ab");
        AttachmentId foreign = new AttachmentId("a-very-long-id-of-another-runtime_0123456789", "net1");
        assertThat(LinkNames.hostPort(foreign)).hasSize(14).startsWith("pn");
        assertThat(LinkNames.hostPort(foreign))
                .isNotEqualTo(LinkNames.hostPort(new AttachmentId(foreign.sandboxId(), "net2")));
    }

    @Test
    void anAddressKeepsItsMac() {
        assertThat(LinkNames.macOf(IpAddress.parse("10.244.1.2"))).isEqualTo(MacAddress.parse("0a:58:0a:f4:01:02"));
        assertThat(LinkNames.macOf(IpAddress.parse("fd00::2"))).isEqualTo(LinkNames.macOf(IpAddress.parse("fd00::2")));
    }

    @Test
    void optionsAreRefusedWithWhatThereIs() {
        assertThatThrownBy(() -> BridgeOptions.parse(Map.of("brigde", "cbr0")))
                .isInstanceOf(PodnetException.Invalid.class)
                .hasMessageContaining("[brigde]")
                .hasMessageContaining("forceAddress");
        assertThatThrownBy(() -> BridgeOptions.parse(Map.of("hairpinMode", "promiscuous-bridge", "onLink", "false")))
                .isInstanceOf(PodnetException.Invalid.class)
                .hasMessageContaining("needs onLink=true");
        assertThat(BridgeOptions.parse(Map.of("hairpinMode", "promiscuous-bridge"))
                        .onLink())
                .isTrue();
        assertThatThrownBy(() -> BridgeOptions.parse(Map.of("masquerade", "yes")))
                .isInstanceOf(PodnetException.Invalid.class);
    }
}
