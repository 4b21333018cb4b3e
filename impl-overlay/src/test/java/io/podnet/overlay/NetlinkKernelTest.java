package io.podnet.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.MacAddress;
import io.podnet.overlay.kernel.NetlinkKernel;
import io.podnet.overlay.model.Backend;
import io.podnet.overlay.model.Delta;
import io.podnet.overlay.model.NetworkSettings;
import io.podnet.overlay.model.OwnNode;
import io.podnet.overlay.model.Row;
import io.podnet.overlay.model.Tunnel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NetlinkKernelTest {
    private static final List<Cidr> RANGES = List.of(Cidr.parse("10.244.0.0/16"), Cidr.parse("fd00:10:244::/48"));
    private static final MacAddress PEER = MacAddress.parse("02:00:00:00:00:02");

    @TempDir
    Path directory;

    private static NetworkSettings settings(Backend backend) {
        return new NetworkSettings(backend, RANGES, 1, 8477, "pnvx", 28_782);
    }

    private static Row.Route route(
            int table, String to, Row.RouteAction action, String gateway, String device, int mtu) {
        return new Row.Route(
                table,
                Cidr.parse(to),
                action,
                gateway.isEmpty() ? Optional.empty() : Optional.of(IpAddress.parse(gateway)),
                device,
                mtu);
    }

    private static List<Row> everyKind() {
        return List.of(
                new Row.Address("pnvx4", IpAddress.parse("10.244.1.0")),
                new Row.Address("pnvx6", IpAddress.parse("fd00:10:244:1::")),
                new Row.Fdb("pnvx4", PEER, IpAddress.parse("192.0.2.2")),
                new Row.Fdb("pnvx6", PEER, IpAddress.parse("fd00:b::2")),
                new Row.Neighbour("pnvx4", IpAddress.parse("10.244.2.0"), PEER),
                new Row.Neighbour("pnvx6", IpAddress.parse("fd00:10:244:2::"), PEER),
                new Row.Member("peers4", IpAddress.parse("192.0.2.2")),
                new Row.Member("pods6", IpAddress.parse("fd00:10:244:2::7")),
                route(254, "10.244.2.0/24", Row.RouteAction.FORWARD, "10.244.2.0", "pnvx4", 1350),
                route(254, "fd00:10:244:2::/64", Row.RouteAction.FORWARD, "fd00:10:244:2::", "pnvx6", 0),
                route(254, "10.244.3.0/24", Row.RouteAction.FORWARD, "192.0.2.3", "eth0", 0),
                route(254, "fd00:10:244:3::/64", Row.RouteAction.FORWARD, "fd00:b::3", "eth0", 1400),
                route(254, "10.244.0.0/16", Row.RouteAction.UNREACHABLE, "", "", 0),
                route(254, "fd00:10:244::/48", Row.RouteAction.UNREACHABLE, "", "", 0),
                route(28_782, "10.244.0.0/16", Row.RouteAction.FORWARD, "", "pnvx4", 0),
                route(28_782, "fd00:10:244::/48", Row.RouteAction.FORWARD, "", "pnvx6", 0),
                route(28_782, "10.244.1.7/32", Row.RouteAction.THROW, "", "", 0),
                route(28_782, "fd00:10:244:1::7/128", Row.RouteAction.THROW, "", "", 0),
                new Row.Rule(RANGES.get(0), 28_782, 28_782),
                new Row.Rule(RANGES.get(1), 28_782, 28_782));
    }

    /** Without what the kernel adds by itself, partly a little after an address comes. */
    private static List<String> routing(UnderlayLab.LabNode node) throws Exception {
        String all = node.run("ip", "route", "show", "table", "all")
                + node.run("ip", "-6", "route")
                + node.run("ip", "rule");
        return all.lines().filter(line -> !line.contains("proto kernel")).toList();
    }

    @Test
    void everyKindOfRowIsReadBackAsItWasPutAndDroppedWithoutATrace() throws Exception {
        try (UnderlayLab lab = new UnderlayLab(directory)) {
            UnderlayLab.LabNode node = lab.node(1);
            NetworkSettings settings = settings(Backend.NEIGHBOUR);
            List<String> before = routing(node);
            try (NetlinkKernel kernel = NetlinkKernel.open(node.namespace(), "overlay", settings, List.of())) {
                OwnNode own = new OwnNode("node-1", "overlay", kernel.underlays(), List.of(), List.of());
                kernel.ensure(own.tunnels(settings));
                Delta puts = new Delta();
                everyKind().forEach(puts::put);
                assertThat(kernel.apply(puts)).isEmpty();
                assertThat(kernel.read().values()).containsExactlyInAnyOrderElementsOf(everyKind());
                assertThat(kernel.apply(puts)).isEmpty();

                Delta drops = new Delta();
                everyKind().forEach(row -> drops.drop(row.key()));
                assertThat(kernel.apply(drops)).isEmpty();
                assertThat(kernel.read()).isEmpty();
                assertThat(kernel.apply(drops)).isEmpty();
                kernel.removeAll();
            }
            assertThat(routing(node)).isEqualTo(before);
            assertThat(node.run("nft", "list", "ruleset")).isEmpty();
        }
    }

    /** The kernel has room for 1 024 neighbours that it found itself; permanent ones do not count (net/core/neighbour.c). */
    @Test
    void tenThousandPodsFitIntoTheNeighbourTable() throws Exception {
        try (UnderlayLab lab = new UnderlayLab(directory)) {
            UnderlayLab.LabNode node = lab.node(1);
            NetworkSettings settings = settings(Backend.NEIGHBOUR);
            try (NetlinkKernel kernel = NetlinkKernel.open(node.namespace(), "overlay", settings, List.of())) {
                OwnNode own = new OwnNode("node-1", "overlay", kernel.underlays(), List.of(), List.of());
                kernel.ensure(own.tunnels(settings));
                Delta puts = new Delta();
                for (int i = 0; i < 10_000; i++) {
                    IpAddress pod = IpAddress.parse("10.244.0.0").plus(i);
                    puts.put(new Row.Neighbour("pnvx4", pod, PEER)).put(new Row.Member("pods4", pod));
                }
                assertThat(kernel.apply(puts)).isEmpty();
                assertThat(kernel.read()).hasSize(20_000);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void whatIsRightIsNotMadeAnew(Backend backend) throws Exception {
        try (UnderlayLab lab = new UnderlayLab(directory)) {
            UnderlayLab.LabNode node = lab.node(1);
            NetworkSettings settings = settings(backend);
            try (NetlinkKernel kernel = NetlinkKernel.open(node.namespace(), "overlay", settings, List.of("eth0"))) {
                OwnNode own = new OwnNode("node-1", "overlay", kernel.underlays(), List.of(), List.of());
                List<Tunnel> tunnels = own.tunnels(settings);
                assertThat(kernel.ensure(tunnels)).hasSize(backend.tunnels() ? 3 : 0);
                assertThat(kernel.ensure(tunnels)).isEmpty();
            }
            List<String> done = new ArrayList<>();
            try (NetlinkKernel again = NetlinkKernel.open(node.namespace(), "overlay", settings, List.of())) {
                done.addAll(again.ensure(
                        new OwnNode("node-1", "overlay", again.underlays(), List.of(), List.of()).tunnels(settings)));
            }
            assertThat(done).isEmpty();
        }
    }

    /** The greater of this and that of "all" counts: 1 would drop what comes by another way than it would be answered. */
    @ParameterizedTest
    @CsvSource({"0,0", "1,2", "2,2"})
    void theSendersWayBackIsNeverCheckedStrictly(int all, int tunnel) throws Exception {
        try (UnderlayLab lab = new UnderlayLab(directory)) {
            UnderlayLab.LabNode node = lab.node(1);
            node.run("sysctl", "-qw", "net.ipv4.conf.all.rp_filter=" + all, "net.ipv4.conf.default.rp_filter=1");
            NetworkSettings settings = settings(Backend.VXLAN);
            try (NetlinkKernel kernel = NetlinkKernel.open(node.namespace(), "overlay", settings, List.of())) {
                kernel.ensure(
                        new OwnNode("node-1", "overlay", kernel.underlays(), List.of(), List.of()).tunnels(settings));
                assertThat(node.run("sysctl", "-n", "net.ipv4.conf.pnvx4.rp_filter"))
                        .isEqualToIgnoringWhitespace(Integer.toString(tunnel));
            }
        }
    }

    private static void ensureTunnel(UnderlayLab.LabNode node, String underlay) {
        NetworkSettings settings = settings(Backend.VXLAN);
        try (NetlinkKernel kernel = NetlinkKernel.open(node.namespace(), "overlay", settings, List.of(underlay))) {
            kernel.ensure(new OwnNode("node-1", "overlay", kernel.underlays(), List.of(), List.of()).tunnels(settings));
        }
    }

    /** Packets come merged by a link that merges, and by a veth, whose sender sent them so. */
    @Test
    void theTunnelMergesPacketsOnlyWhereNobodyDidBefore() throws Exception {
        try (UnderlayLab lab = new UnderlayLab(directory)) {
            UnderlayLab.LabNode node = lab.node(1);
            node.run("ip", "link", "add", "uplink", "up", "type", "bridge");
            node.run("ip", "address", "add", "192.0.2.65/28", "dev", "uplink");
            for (String[] each : new String[][] {
                {"eth0", "off", "off"}, {"uplink", "on", "off"}, {"uplink", "off", "on"},
            }) {
                node.run("ethtool", "-K", each[0], "gro", each[1]);
                ensureTunnel(node, each[0]);
                assertThat(node.run("ethtool", "-k", "pnvx4"))
                        .as("underlay %s with it %s", each[0], each[1])
                        .contains("generic-receive-offload: " + each[2]);
                node.run("ip", "link", "delete", "pnvx4");
            }
            ensureTunnel(node, "eth0");
            node.run("ethtool", "-K", "pnvx4", "gro", "on");
            ensureTunnel(node, "eth0");
            assertThat(node.run("ethtool", "-k", "pnvx4")).contains("generic-receive-offload: on");
        }
    }
}
