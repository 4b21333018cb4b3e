package io.podnet.netlink.ethtool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.PodnetException;
import io.podnet.netlink.FreshNamespace;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NetworkNamespace;
import io.podnet.netlink.namespace.ThreadsAtHome;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReceiveOffloadTest {
    private final NamespaceThreads threads = new NamespaceThreads();
    private final FreshNamespace node = new FreshNamespace();

    @AfterEach
    void everybodyIsHome() throws Exception {
        node.close();
        threads.close();
        ThreadsAtHome.assertAll();
    }

    private ReceiveOffload open() {
        try (NetworkNamespace inside = NetworkNamespace.open(Path.of(node.path()))) {
            return ReceiveOffload.open(threads, inside);
        }
    }

    @Test
    void ethtoolSeesWhatIsSet() {
        node.run("ip", "link", "add", "a-name-of-15-by", "type", "vxlan", "id", "7", "dstport", "8477");
        try (ReceiveOffload offload = open()) {
            assertThat(offload.isOn("a-name-of-15-by")).isTrue();
            offload.set("a-name-of-15-by", false);
            assertThat(offload.isOn("a-name-of-15-by")).isFalse();
            assertThat(node.run("ethtool", "-k", "a-name-of-15-by")).contains("generic-receive-offload: off");
            offload.set("a-name-of-15-by", true);
            assertThat(node.run("ethtool", "-k", "a-name-of-15-by")).contains("generic-receive-offload: on");
        }
    }

    @Test
    void aLinkThatIsNotThereIsNamed() {
        try (ReceiveOffload offload = open()) {
            assertThatThrownBy(() -> offload.set("nosuch0", false))
                    .isInstanceOf(PodnetException.KernelRejected.class)
                    .hasMessageContaining("link nosuch0")
                    .hasMessageContaining("ENODEV");
        }
    }

    @Test
    void aClosedOneIsNotUsed() {
        ReceiveOffload offload = open();
        offload.close();
        offload.close();
        assertThatThrownBy(() -> offload.isOn("lo")).isInstanceOf(IllegalStateException.class);
    }
}
