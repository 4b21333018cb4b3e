package io.podnet.bridge.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.AttachmentId;
import io.podnet.api.Cidr;
import io.podnet.spi.AddressRange;
import io.podnet.spi.AddressRangeSet;
import io.podnet.spi.IpamProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmokeTest {
    @Test
    void works(@TempDir Path dir) {
        var ctx = new IpamProvider.Context(
                "net",
                List.of(new AddressRangeSet(List.of(AddressRange.of(Cidr.parse("10.1.0.0/24"))))),
                dir,
                Map.of());
        try (var ipam = new HostLocalIpamProvider().create(ctx)) {
            var a = new AttachmentId("a", "eth0");
            System.err.println(ipam.reserve(a, List.of()));
            ipam.commit(a);
            assertThat(ipam.lease(a)).isPresent();
            ipam.release(a);
        }
    }
}
