package io.podnet.bridge.firewall;

import io.podnet.api.AttachmentId;
import io.podnet.api.Cidr;
import io.podnet.api.HostPort;
import io.podnet.api.IpAddress;
import io.podnet.api.MacAddress;
import io.podnet.api.Protocol;
import io.podnet.netlink.FreshNamespace;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.nftables.Nftables;
import io.podnet.netlink.socket.NetlinkConversation;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A node with a bridge, two pods on it and a neighbour outside, each in a namespace of its own. Outside stands for
 * others' addresses too: 198.51.100.2 and 2001:db8:ff::2 are behind it, as is the non-masquerade network 203.0.113.0/24.
 */
final class Lab implements AutoCloseable {
    static final String NODE4 = "192.0.2.1";
    static final String NODE6 = "2001:db8::1";
    static final String OUTSIDE4 = "192.0.2.2";
    static final String OUTSIDE6 = "2001:db8::2";
    static final String FOREIGN4 = "198.51.100.2";
    static final String EXEMPT4 = "203.0.113.2";
    static final String EXEMPT6 = "2001:db8:e::2";
    static final String GATEWAY4 = "10.244.0.1";
    static final String GATEWAY6 = "fd00:244::1";

    static final NodeRules RULES = new NodeRules(
            List.of(Cidr.parse("10.244.0.0/24"), Cidr.parse("fd00:244::/64")),
            true,
            List.of(Cidr.parse("203.0.113.0/24"), Cidr.parse("2001:db8:e::/48")),
            true,
            Optional.empty());

    final FreshNamespace node = new FreshNamespace();
    final FreshNamespace outside = new FreshNamespace();
    final FreshNamespace podA = new FreshNamespace();
    final FreshNamespace podB = new FreshNamespace();
    final NetlinkConversation conversation;
    final NftablesPacketFilter filter;
    final Nftables nftables;
    private final List<Process> servers = new ArrayList<>();
    private final Path script;

    Lab() throws Exception {
        script = Files.createTempFile("podnet-packets", ".py");
        try (InputStream source = Lab.class.getResourceAsStream("packets.py")) {
            Files.copy(source, script, StandardCopyOption.REPLACE_EXISTING);
        }
        conversation = node.call(() -> NetlinkConversation.open(LinuxNetlink.NETLINK_NETFILTER));
        filter = new NftablesPacketFilter(conversation, "cbr0");
        nftables = new Nftables(conversation);
        node.sh("""
                echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad
                ip link set lo up
                ip link add cbr0 address 02:00:00:00:00:01 type bridge mcast_snooping 0
                ip addr add %s/24 dev cbr0
                ip -6 addr add %s/64 dev cbr0 nodad
                ip link set cbr0 up
                ip link add up0 type veth peer name eth0 netns %s
                ip addr add %s/24 dev up0
                ip -6 addr add %s/64 dev up0 nodad
                ip link set up0 up
                ip route add default via %s
                ip -6 route add default via %s
                echo 1 > /proc/sys/net/ipv4/ip_forward
                echo 1 > /proc/sys/net/ipv6/conf/all/forwarding
                """, GATEWAY4, GATEWAY6, outside.path(), NODE4, NODE6, OUTSIDE4, OUTSIDE6);
        outside.sh("""
                ip link set lo up
                ip addr add %s/24 dev eth0
                ip -6 addr add %s/64 dev eth0 nodad
                ip addr add %s/32 dev lo
                ip addr add %s/32 dev lo
                ip -6 addr add %s/128 dev lo
                ip link set eth0 up
                ip route add 10.244.0.0/24 via %s
                ip -6 route add fd00:244::/64 via %s
                """, OUTSIDE4, OUTSIDE6, FOREIGN4, EXEMPT4, EXEMPT6, NODE4, NODE6);
        attach(podA, pod(5));
        attach(podB, pod(6));
    }

    /** Makes the record of a pod by a number: pod 5 is podA, pod 6 is podB. */
    static PodPort pod(int number, HostPort... hostPorts) {
        return new PodPort(
                new AttachmentId("sandbox" + number, "eth0"),
                "pn" + number,
                MacAddress.parse("02:00:00:00:00:0" + number),
                List.of(IpAddress.parse("10.244.0." + number), IpAddress.parse("fd00:244::" + number)),
                List.of(hostPorts));
    }

    static HostPort port(Protocol protocol, int host, int container) {
        return new HostPort(Optional.empty(), host, container, protocol);
    }

    static HostPort port(Protocol protocol, String ip, int host, int container) {
        return new HostPort(Optional.of(IpAddress.parse(ip)), host, container, protocol);
    }

    private void attach(FreshNamespace namespace, PodPort pod) throws Exception {
        namespace.sh("echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad");
        node.sh("""
                ip link add %1$s type veth peer name eth0 netns %2$s address %3$s
                ip link set %1$s master cbr0
                ip link set %1$s type bridge_slave hairpin on
                echo 1 > /proc/sys/net/ipv6/conf/%1$s/disable_ipv6
                ip link set %1$s up
                """, pod.hostInterface(), namespace.path(), pod.mac());
        namespace.sh("""
                ip link set lo up
                ip addr add %s/24 dev eth0
                ip -6 addr add %s/64 dev eth0 nodad
                ip link set eth0 up
                ip route add default via %s
                ip -6 route add default via %s
                """, pod.addresses().get(0), pod.addresses().get(1), GATEWAY4, GATEWAY6);
    }

    /** Starts a server that answers with its name and whom it sees; it ends with the lab. */
    void serve(FreshNamespace namespace, String kind, String address, int port, String name) throws Exception {
        Process server = new ProcessBuilder(namespace.command(
                        "python3", script.toString(), "serve", kind, address, String.valueOf(port), name))
                .redirectErrorStream(true)
                .start();
        servers.add(server);
        String line =
                new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (!"ready".equals(line)) {
            throw new AssertionError("server " + name + " did not start: " + line);
        }
    }

    String ask(FreshNamespace namespace, String kind, String address, int port, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("ask", kind, address, String.valueOf(port)));
        arguments.addAll(List.of(more));
        return script(namespace, arguments.toArray(String[]::new));
    }

    String script(FreshNamespace namespace, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("python3", script.toString()));
        command.addAll(List.of(arguments));
        return namespace.run(command.toArray(String[]::new)).strip();
    }

    String ruleset() throws Exception {
        return node.run("nft", "list", "ruleset").replace("\t", "  ");
    }

    @Override
    public void close() throws Exception {
        servers.forEach(Process::destroyForcibly);
        for (Process server : servers) {
            server.waitFor();
        }
        conversation.close();
        node.close();
        outside.close();
        podA.close();
        podB.close();
        Files.delete(script);
    }
}
