package io.podnet.iptables.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.IpAddress;
import io.podnet.api.Protocol;
import io.podnet.api.ServiceId;
import io.podnet.services.Backend;
import io.podnet.services.ServicePortName;
import org.junit.jupiter.api.Test;

class ChainNamesTest {
    private final ChainNames names = new ChainNames();

    /** Names of pkg/proxy/iptables/proxier_test.go, kubernetes 1.37. */
    @Test
    void namesAreThoseOfKubeProxy() {
        ServicePortName p80 = new ServicePortName(new ServiceId("ns1", "svc1"), "p80", Protocol.TCP);
        assertThat(names.hash(p80)).isEqualTo("XPGD46QRK7WJZT7O");
        assertThat(names.endpointChain(p80, new Backend(IpAddress.parse("10.180.0.1"), 80)))
                .isEqualTo("KUBE-SEP-SXIVWICOYRO3J4NJ");
    }

    @Test
    void protocolsAreLowerCaseAndPartOfTheHash() {
        ServiceId id = new ServiceId("ns1", "svc1");
        assertThat(names.hash(new ServicePortName(id, "p80", Protocol.UDP)))
                .isNotEqualTo(names.hash(new ServicePortName(id, "p80", Protocol.TCP)));
        assertThat(ChainNames.protocol(new ServicePortName(id, "", Protocol.SCTP)))
                .isEqualTo("sctp");
    }
}
