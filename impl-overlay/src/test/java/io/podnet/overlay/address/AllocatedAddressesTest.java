package io.podnet.overlay.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.AttachmentId;
import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.overlay.network.StoredJson;
import io.podnet.spi.ClusterStore.Entry;
import io.podnet.spi.StoreKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllocatedAddressesTest {
    private static Entry entry(String text) {
        return new Entry(StoreKey.of("net", "pods", "block", "10-244-1-0-26"), text, 1);
    }

    @Test
    void seesWhatTheIpamWrote() {
        Cidr cidr = Cidr.parse("10.244.1.0/26");
        Block block = Block.fresh(cidr, "node-1", 5, address -> true)
                .allocate(IpAddress.parse("10.244.1.7"), new AttachmentId("a", "eth0"))
                .allocate(IpAddress.parse("10.244.1.63"), new AttachmentId("b", "eth0"));
        AllocatedAddresses seen = AllocatedAddresses.of(entry(BlockText.write(block, StoredJson.empty())));
        List<IpAddress> addresses = new ArrayList<>();
        seen.forEach(addresses::add);
        assertThat(addresses).containsExactly(IpAddress.parse("10.244.1.7"), IpAddress.parse("10.244.1.63"));
        assertThat(seen.node()).isEqualTo("node-1");
        assertThat(seen.has(IpAddress.parse("10.244.1.7"))).isTrue();
        assertThat(seen.has(IpAddress.parse("10.244.1.8"))).isFalse();
        assertThat(seen.has(IpAddress.parse("10.244.2.7"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{",
                "{\"allocations\":{\"1\":{}}}",
                "{\"node\":\"n\",\"allocations\":{\"64\":{}}}",
                "{\"node\":\"n\",\"allocations\":{\"-1\":{}}}",
                "{\"node\":\"n\",\"allocations\":{\"x\":{}}}"
            })
    void refusesWhatIsNoBlock(String text) {
        assertThatThrownBy(() -> AllocatedAddresses.of(entry(text)))
                .isInstanceOf(PodnetException.StateFailure.class)
                .hasMessageContaining("10-244-1-0-26");
    }
}
