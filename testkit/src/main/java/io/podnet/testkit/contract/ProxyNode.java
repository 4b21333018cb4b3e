package io.podnet.testkit.contract;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.nftables.Nftables;
import io.podnet.netlink.socket.NetlinkConversation;
import io.podnet.spi.ServiceProxy;
import io.podnet.spi.ServiceProxyProvider;
import io.podnet.testkit.machine.Greeters;
import io.podnet.testkit.machine.Machine;
import io.podnet.testkit.machine.Machines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A node with pods behind links of their own, an uplink to nobody who answers, and proxies on it. */
final class ProxyNode implements AutoCloseable {
    static final String NAME = "node-a";
    static final String ZONE = "zone-a";
    static final IpAddress NODE = IpAddress.parse("192.0.2.1");
    static final List<Cidr> POD_CIDRS = cidrs("10.244.0.0/16", "fd00:10:244::/56");
    static final List<Cidr> SERVICE_CIDRS = cidrs("10.96.0.0/16", "fd00:10:96::/112");
    static final List<Cidr> EXTERNAL_CIDRS = cidrs("203.0.113.0/24");
    static final int TARGET_PORT = 8080;

    private final ServiceProxyProvider provider;
    private final Map<String, String> options;
    private final Path state;
    private final Machines machines = new Machines();
    private final Greeters greeters = new Greeters();
    private final Machine node;
    private final List<ServiceProxy> proxies = new ArrayList<>();

    ProxyNode(ServiceProxyProvider provider, Map<String, String> options, Path state) {
        this.provider = provider;
        this.options = options;
        this.state = state;
        this.node = machines.make("node");
        Machine outside = machines.make("outside");
        machines.connect(node, "uplink0", outside, "eth0");
        node.addAddress("uplink0", NODE + "/24");
        outside.addAddress("eth0", "192.0.2.2/24");
        node.addRoute("0.0.0.0/0", IpAddress.parse("192.0.2.2"));
        node.forward();
    }

    private static List<Cidr> cidrs(String... texts) {
        return Stream.of(texts).map(Cidr::parse).toList();
    }

    static IpAddress podIp(int number, IpFamily family) {
        return IpAddress.parse(
                family == IpFamily.IPV4 ? "10.244.1." + number : "fd00:10:244:1::" + Integer.toHexString(number));
    }

    static IpAddress podIp(int number) {
        return podIp(number, IpFamily.IPV4);
    }

    /** A pod that greets. */
    Machine pod(int number) {
        Machine pod = machines.make("pod-" + number);
        String link = "pod" + number;
        machines.connect(node, link, pod, "eth0");
        node.addAddress(link, "fe80::1/64");
        pod.addAddress("eth0", "fe80::" + (number + 1) + "/64");
        for (IpFamily family : IpFamily.values()) {
            String gateway = family == IpFamily.IPV4 ? "10.244.1.254" : "fd00:10:244:1::fe";
            node.addAddress(link, gateway + "/" + family.bits());
            node.addLinkRoute(podIp(number, family) + "/" + family.bits(), link);
            pod.addAddress("eth0", podIp(number, family) + "/" + family.bits());
            pod.addLinkRoute(gateway + "/" + family.bits(), "eth0");
            pod.addRoute(family == IpFamily.IPV4 ? "0.0.0.0/0" : "::/0", IpAddress.parse(gateway));
            greeters.serve(pod, podIp(number, family), TARGET_PORT);
        }
        return pod;
    }

    Machine node() {
        return node;
    }

    ServiceProxy start() {
        return start(Map.of());
    }

    ServiceProxy start(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(options);
        all.putAll(more);
        ServiceProxy proxy = provider.create(new ServiceProxyProvider.Context(
                NAME, Optional.of(ZONE), node.namespace(), POD_CIDRS, SERVICE_CIDRS, EXTERNAL_CIDRS, state, all));
        proxies.add(proxy);
        return proxy;
    }

    ServiceProxyProvider.NodeView view() {
        return new ServiceProxyProvider.NodeView(
                NAME, Optional.of(ZONE), List.of(NODE), POD_CIDRS, SERVICE_CIDRS, EXTERNAL_CIDRS, options);
    }

    /** What a stranger may do: takes all rules away, those of nf_tables and those of the older iptables. */
    void flush() {
        try (NamespaceThreads threads = new NamespaceThreads(1);
                NetlinkConversation netfilter = threads.callIn(
                        node.namespace(), () -> NetlinkConversation.open(LinuxNetlink.NETLINK_NETFILTER))) {
            Nftables nftables = new Nftables(netfilter);
            nftables.tables().forEach(nftables::deleteTable);
        }
        for (String tool : List.of("/usr/sbin/iptables-legacy", "/usr/sbin/ip6tables-legacy")) {
            if (Files.isExecutable(Path.of(tool))) {
                node.run(tool, "-F");
                node.run(tool, "-t", "nat", "-F");
            }
        }
    }

    @Override
    public void close() {
        proxies.forEach(ServiceProxy::close);
        greeters.close();
        machines.close();
    }
}
