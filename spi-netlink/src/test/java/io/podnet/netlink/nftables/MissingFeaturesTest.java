package io.podnet.netlink.nftables;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.PodnetException;
import io.podnet.netlink.conntrack.UdpConnections;
import io.podnet.netlink.fake.FakeKernel;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.socket.NetlinkConversation;
import java.util.List;
import org.junit.jupiter.api.Test;

class MissingFeaturesTest {
    private static final Table TABLE = new Table(Family.INET, "t");

    private static Nftables refusing(int message, Errno errno) {
        return new Nftables(new NetlinkConversation(new FakeKernel().refuse(message, errno)));
    }

    @Test
    void aKernelWithoutTables() {
        assertThatThrownBy(() -> refusing(0, Errno.EOPNOTSUPP).commit(new NftBatch().addTable(TABLE, "")))
                .isInstanceOf(PodnetException.Unsupported.class)
                .hasMessageContaining("no nf_tables");
        assertThatThrownBy(() -> refusing(0, Errno.EINVAL).tables())
                .isInstanceOf(PodnetException.Unsupported.class)
                .hasMessageContaining("no nf_tables");
    }

    @Test
    void aKernelWithoutAnExpression() {
        Rule rule = new Rule("c", List.of(new Expression.Masquerade(false)), "");
        assertThatThrownBy(() -> refusing(1, Errno.EOPNOTSUPP).commit(new NftBatch().addRule(TABLE, rule)))
                .isInstanceOf(PodnetException.Unsupported.class)
                .hasMessageContaining("expression 'masq'");
    }

    @Test
    void aKernelWithoutTheNatChainType() {
        Chain chain = Chain.base("c", BaseHook.Type.NAT, BaseHook.Point.OUTPUT, 0);
        assertThatThrownBy(() -> refusing(1, Errno.ENOENT).commit(new NftBatch().addChain(TABLE, chain)))
                .isInstanceOf(PodnetException.Unsupported.class)
                .hasMessageContaining("chain type 'nat' in family inet");
    }

    @Test
    void aKernelWithoutConntrack() {
        UdpConnections connections =
                new UdpConnections(new NetlinkConversation(new FakeKernel().refuse(0, Errno.EINVAL)));
        assertThatThrownBy(() -> connections.forgetTo(53))
                .isInstanceOf(PodnetException.Unsupported.class)
                .hasMessageContaining("no ctnetlink");
    }
}
