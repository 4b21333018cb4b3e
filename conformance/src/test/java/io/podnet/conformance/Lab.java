package io.podnet.conformance;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.route.Bridge;
import io.podnet.netlink.route.LinkAttributes;
import io.podnet.netlink.route.Veth;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Two nodes, and a machine beside them that is none. The machine's bridge is the network between all three. A third node,
 * in the zone of the second, comes when a test asks for it. Each node has a plain route to the others' pods; the machine sends what is meant for service addresses to a node, as a router in
 * front of a cluster does. Whatever else the nodes send there is dropped.
 */
final class Lab implements AutoCloseable {
    static final String SERVICE_CIDRS = "10.96.0.0/16,fd00:10:96::/112";
    static final String EXTERNAL_CIDRS = "203.0.113.0/24,2001:db8:113::/64";
    /** The machine's addresses: of it, and of a second client on it. */
    static final Map<IpFamily, IpAddress> OUTSIDE = addresses("192.0.2.100", "2001:db8:2::100");

    static final Map<IpFamily, IpAddress> OUTSIDE_TOO = addresses("192.0.2.101", "2001:db8:2::101");
    /** Addresses of nobody, which the machine sends to node a. */
    static final Map<IpFamily, IpAddress> EXTERNAL_AT_A = addresses("203.0.113.10", "2001:db8:113::10");
    /** The same for node b. */
    static final Map<IpFamily, IpAddress> EXTERNAL_AT_B = addresses("203.0.113.200", "2001:db8:113:0:8000::200");
    /** Node a's second address, at its loopback interface. */
    static final Map<IpFamily, IpAddress> SECOND_OF_A = addresses("198.51.100.11", "2001:db8:51::11");

    private static final Map<IpFamily, IpAddress> NODE_A = addresses("192.0.2.10", "2001:db8:2::10");
    private static final Map<IpFamily, IpAddress> NODE_B = addresses("192.0.2.20", "2001:db8:2::20");
    private static final Map<IpFamily, IpAddress> NODE_C = addresses("192.0.2.30", "2001:db8:2::30");
    private static final String WIRE = "wire0";

    private final NamespaceThreads threads = new NamespaceThreads();
    private final Machine outside;
    private final LabNode a;
    private final LabNode b;
    private final Configuration.Backend backend;
    private final Servers servers;
    private final List<LabNode> third = new ArrayList<>();
    private int scenes;

    Lab(Configuration.Backend backend) throws IOException, InterruptedException {
        this.backend = backend;
        servers = new Servers();
        outside = new Machine(threads);
        outside.route().links().create(new Bridge(), LinkAttributes.named(WIRE).noAddressGeneration());
        outside.route().links().change(WIRE, LinkAttributes.none().up());
        outside.addAddress(WIRE, "fe80::100/64");
        Machine machineA = plugged("a", NODE_A, "fe80::10/64");
        Machine machineB = plugged("b", NODE_B, "fe80::20/64");
        for (IpFamily family : IpFamily.values()) {
            outside.addAddress(WIRE, OUTSIDE.get(family) + prefix(family));
            outside.addAddress(WIRE, OUTSIDE_TOO.get(family) + prefix(family));
            String second = SECOND_OF_A.get(family) + "/" + family.bits();
            machineA.addAddress("lo", second);
            outside.addRoute(second, NODE_A.get(family));
            machineB.addRoute(second, NODE_A.get(family));
        }
        routeToPods(machineA, 2, NODE_B);
        routeToPods(machineB, 1, NODE_A);
        outside.addRoute("10.96.0.0/16", NODE_A.get(IpFamily.IPV4));
        outside.addRoute("fd00:10:96::/112", NODE_A.get(IpFamily.IPV6));
        outside.addRoute("203.0.113.0/25", NODE_A.get(IpFamily.IPV4));
        outside.addRoute("2001:db8:113::/65", NODE_A.get(IpFamily.IPV6));
        outside.addRoute("203.0.113.128/25", NODE_B.get(IpFamily.IPV4));
        outside.addRoute("2001:db8:113:0:8000::/65", NODE_B.get(IpFamily.IPV6));
        a = new LabNode("a", machineA, NODE_A, podCidrs(1), backend.option());
        b = new LabNode("b", machineB, NODE_B, podCidrs(2), backend.option());
    }

    private static String podCidrs(int node) {
        return "10.244." + node + ".0/24,fd00:10:244:" + node + "::/64";
    }

    private static void routeToPods(Machine machine, int node, Map<IpFamily, IpAddress> addresses) {
        machine.addRoute("10.244." + node + ".0/24", addresses.get(IpFamily.IPV4));
        machine.addRoute("fd00:10:244:" + node + "::/64", addresses.get(IpFamily.IPV6));
    }

    /** A second node in the zone of b. */
    LabNode c() throws IOException, InterruptedException {
        if (third.isEmpty()) {
            Machine machine = plugged("c", NODE_C, "fe80::30/64");
            routeToPods(machine, 1, NODE_A);
            routeToPods(machine, 2, NODE_B);
            routeToPods(a.machine(), 3, NODE_C);
            routeToPods(b.machine(), 3, NODE_C);
            third.add(new LabNode("c", "zone-of-b", machine, NODE_C, podCidrs(3), backend.option()));
        }
        return third.get(0);
    }

    private static Map<IpFamily, IpAddress> addresses(String ipv4, String ipv6) {
        return Map.of(IpFamily.IPV4, IpAddress.parse(ipv4), IpFamily.IPV6, IpAddress.parse(ipv6));
    }

    private static String prefix(IpFamily family) {
        return family == IpFamily.IPV4 ? "/24" : "/64";
    }

    private static String everything(IpFamily family) {
        return family == IpFamily.IPV4 ? "0.0.0.0/0" : "::/0";
    }

    /** The link-local address is what a router asks for neighbours with: without it, it forwards nothing. */
    private Machine plugged(String name, Map<IpFamily, IpAddress> addresses, String linkLocal)
            throws IOException, InterruptedException {
        Machine machine = new Machine(threads);
        LinkAttributes inside = LinkAttributes.named("uplink0").namespaceFd(machine.fd());
        outside.route()
                .links()
                .create(
                        new Veth(inside),
                        LinkAttributes.named("to-" + name)
                                .noAddressGeneration()
                                .master(outside.route().links().get(WIRE).index()));
        outside.route().links().change("to-" + name, LinkAttributes.none().up());
        machine.route().links().change("uplink0", LinkAttributes.none().noAddressGeneration());
        machine.route().links().change("uplink0", LinkAttributes.none().up());
        addresses.forEach((family, ip) -> machine.addAddress("uplink0", ip + prefix(family)));
        machine.addAddress("uplink0", linkLocal);
        // Redirects to a neighbour count against the ICMP errors that it may get.
        machine.run("sh", "-c", "echo 0 > /proc/sys/net/ipv4/conf/uplink0/send_redirects");
        for (IpFamily family : IpFamily.values()) {
            // Answers to nobody end at the machine, which does not forward.
            machine.addRoute(everything(family), OUTSIDE.get(family));
        }
        return machine;
    }

    LabNode a() {
        return a;
    }

    LabNode b() {
        return b;
    }

    List<LabNode> nodes() {
        List<LabNode> nodes = new ArrayList<>(List.of(a, b));
        nodes.addAll(third);
        return nodes;
    }

    Machine outside() {
        return outside;
    }

    Servers servers() {
        return servers;
    }

    /** A Kubernetes namespace that no other test has. */
    String newNamespace() {
        return "test-" + ++scenes;
    }

    @Override
    public void close() throws IOException {
        servers.close();
        for (LabNode node : nodes()) {
            node.close();
        }
        outside.close();
        threads.close();
    }
}
