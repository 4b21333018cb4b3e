package io.podnet.iptables;

import io.podnet.iptables.restore.Flavour;
import io.podnet.netlink.namespace.NetworkNamespace;
import java.util.ArrayList;
import java.util.List;

/**
 * The node of random cases between two namespaces: one that has all local pods' addresses, and the world, which has the other
 * nodes' pods and some clients, and takes in whatever is sent to it. What they send to an address of their own goes through the
 * node too, so that two namespaces do for many pods.
 */
final class ProbeNet implements AutoCloseable {
    static final int PODS = 9;
    static final String WORLD_LINK = "eth0";

    final Lab lab;
    final NetworkNamespace pods;
    final NetworkNamespace world;
    final String podLink;

    ProbeNet(Flavour flavour, String podLink) {
        this.podLink = podLink;
        lab = new Lab(flavour);
        pods = lab.threads.makeUnpinned();
        world = lab.threads.makeUnpinned();
        for (NetworkNamespace one : List.of(lab.node, pods, world)) {
            lab.runIn(
                    one,
                    "sysctl",
                    "-qw",
                    "net.ipv4.conf.all.rp_filter=0",
                    "net.ipv4.conf.default.rp_filter=0",
                    "net.ipv4.conf.all.send_redirects=0",
                    "net.ipv4.conf.default.send_redirects=0",
                    "net.ipv4.conf.all.accept_local=1",
                    // The node tells who sends to a neighbour through it that there is a shorter way.
                    "net.ipv6.conf.all.accept_redirects=0",
                    "net.ipv6.conf.default.accept_redirects=0",
                    // Each refusal must be told.
                    "net.ipv4.icmp_ratelimit=0",
                    "net.ipv6.icmp.ratelimit=0");
        }
        join(pods, podLink);
        join(world, WORLD_LINK);
        node();
        List<String> local = new ArrayList<>();
        List<String> foreign = new ArrayList<>();
        for (int i = 1; i <= PODS; i++) {
            local.addAll(List.of("10.244.1." + i, "fd44:1::" + i));
            foreign.addAll(List.of("10.244.2." + i, "fd44:2::" + i, "198.51.100." + i, "2001:db8::" + i));
        }
        end(pods, local, "10.244.1.254", "fd44:1::fe", podLink);
        end(world, foreign, "192.168.1.10", "fd01::10", WORLD_LINK);
        batch(world, List.of("route add local 0.0.0.0/0 dev lo table local"));
        batch6(world, List.of("route add local ::/0 dev lo table local"));
    }

    private static String mac(String link, boolean node) {
        return (link.equals(WORLD_LINK) ? "02:00:00:00:01:0" : "02:00:00:00:02:0") + (node ? 1 : 2);
    }

    private void join(NetworkNamespace there, String link) {
        batch(
                lab.node,
                List.of(
                        "link add " + link + " address " + mac(link, true) + " type veth peer name far address "
                                + mac(link, false) + " netns " + there.path(),
                        "link set " + link + " up"));
    }

    private void node() {
        batch(
                lab.node,
                List.of(
                        "addr add 192.168.1.10/24 dev eth0",
                        "addr add 192.168.2.10/32 dev eth0",
                        "addr add 192.0.2.4/32 dev eth0",
                        "neigh add 192.168.1.1 lladdr " + mac(WORLD_LINK, false) + " dev eth0 nud permanent",
                        "route replace default via 192.168.1.1 dev eth0",
                        "addr add 10.244.1.254/32 dev " + podLink,
                        "neigh add 10.244.1.1 lladdr " + mac(podLink, false) + " dev " + podLink + " nud permanent",
                        "route add 10.244.1.0/24 via 10.244.1.1 dev " + podLink + " onlink"));
        batch6(
                lab.node,
                List.of(
                        "addr add fd01::10/64 dev eth0 nodad",
                        "addr add fd02::10/128 dev eth0 nodad",
                        "addr add fdee::4/128 dev eth0 nodad",
                        "neigh add fd01::1 lladdr " + mac(WORLD_LINK, false) + " dev eth0 nud permanent",
                        "route add default via fd01::1 dev eth0",
                        "addr add fd44:1::fe/128 dev " + podLink + " nodad",
                        "neigh add fd44:1::1 lladdr " + mac(podLink, false) + " dev " + podLink + " nud permanent",
                        "route add fd44:1::/64 via fd44:1::1 dev " + podLink + " onlink"));
    }

    /** What comes over the link may be for an address here; what is sent from here never is. */
    private void end(NetworkNamespace there, List<String> addresses, String gateway, String gateway6, String link) {
        List<String> four = new ArrayList<>(List.of("link set lo up", "link set far up"));
        List<String> six = new ArrayList<>();
        for (String address : addresses) {
            if (address.contains(":")) {
                six.add("addr add " + address + "/128 dev far nodad noprefixroute");
            } else {
                four.add("addr add " + address + "/32 dev far");
            }
        }
        four.add("neigh add " + gateway + " lladdr " + mac(link, true) + " dev far nud permanent");
        four.add("route add default via " + gateway + " dev far onlink");
        six.add("neigh add " + gateway6 + " lladdr " + mac(link, true) + " dev far nud permanent");
        six.add("route add default via " + gateway6 + " dev far onlink");
        for (List<String> lines : List.of(four, six)) {
            lines.add("rule add pref 1 iif far lookup local");
            lines.add("rule del pref 0");
        }
        batch(there, four);
        batch6(there, six);
    }

    private void batch(NetworkNamespace where, List<String> lines) {
        lab.inputTo(where, String.join("\n", lines) + "\n", "ip", "-batch", "-");
    }

    private void batch6(NetworkNamespace where, List<String> lines) {
        lab.inputTo(where, String.join("\n", lines) + "\n", "ip", "-6", "-batch", "-");
    }

    @Override
    public void close() {
        pods.close();
        world.close();
        lab.close();
    }
}
