package io.podnet.iptables;

import io.podnet.api.Cidr;
import io.podnet.api.EndpointSlice;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.ServiceId;
import io.podnet.api.ServicePort;
import io.podnet.iptables.restore.Flavour;
import io.podnet.iptables.restore.Tool;
import io.podnet.netlink.namespace.NamespaceCommand;
import io.podnet.netlink.namespace.NamespaceKind;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NetworkNamespace;
import io.podnet.spi.ServiceProxyProvider.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;

/** A node's namespace, pods on veths, and what tests say to them. */
final class Lab implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    final NamespaceThreads threads = new NamespaceThreads();
    final NetworkNamespace node = threads.makeUnpinned();
    final Flavour flavour;
    private final List<AutoCloseable> opened = new ArrayList<>();

    Lab(Flavour flavour) {
        this.flavour = flavour;
        run("ip", "link", "set", "lo", "up");
        // Somewhere for the node's own packets to go, until a service sends them elsewhere.
        run("ip", "link", "add", "up0", "type", "veth", "peer", "name", "up1");
        run("ip", "addr", "add", "10.250.0.1/24", "dev", "up0");
        run("ip", "link", "set", "up0", "up");
        run("ip", "link", "set", "up1", "up");
        run("ip", "route", "add", "default", "via", "10.250.0.254");
        run("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
    }

    /** A pod's namespace behind a link of its own. */
    NetworkNamespace pod(int number) {
        NetworkNamespace pod = threads.makeUnpinned();
        opened.add(pod);
        String link = "pn" + number;
        run(
                "ip",
                "link",
                "add",
                link,
                "type",
                "veth",
                "peer",
                "name",
                "eth0",
                "netns",
                pod.path().toString());
        run("ip", "addr", "add", "10.244.1.254/32", "dev", link);
        run("ip", "-6", "addr", "add", "fd44:1::fe/128", "dev", link, "nodad");
        run("ip", "link", "set", link, "up");
        run("ip", "route", "add", podIp(number) + "/32", "dev", link);
        run("ip", "-6", "route", "add", podIp6(number) + "/128", "dev", link);
        runIn(pod, "ip", "link", "set", "lo", "up");
        runIn(pod, "ip", "addr", "add", podIp(number) + "/32", "dev", "eth0");
        runIn(pod, "ip", "-6", "addr", "add", podIp6(number) + "/128", "dev", "eth0", "nodad");
        runIn(pod, "ip", "link", "set", "eth0", "up");
        runIn(pod, "ip", "route", "add", "10.244.1.254", "dev", "eth0");
        runIn(pod, "ip", "route", "add", "default", "via", "10.244.1.254", "dev", "eth0");
        runIn(pod, "ip", "-6", "route", "add", "fd44:1::fe", "dev", "eth0");
        runIn(pod, "ip", "-6", "route", "add", "default", "via", "fd44:1::fe", "dev", "eth0");
        return pod;
    }

    static String podIp(int number) {
        return "10.244.1." + number;
    }

    static String podIp6(int number) {
        return "fd44:1::" + Integer.toHexString(number);
    }

    String run(String... command) {
        return runIn(node, command);
    }

    String runIn(NetworkNamespace where, String... command) {
        return inputTo(where, "", command);
    }

    String inputTo(NetworkNamespace where, String input, String... command) {
        try {
            Process process = NamespaceCommand.find()
                    .entering(NamespaceKind.NET, where.path())
                    .processBuilder(List.of(command))
                    .redirectErrorStream(true)
                    .start();
            try (OutputStream out = process.getOutputStream()) {
                out.write(input.getBytes(StandardCharsets.US_ASCII));
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " printed " + output);
            }
            return output;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    String iptables(IpFamily family, String suffix) {
        return (family == IpFamily.IPV4 ? "iptables-" : "ip6tables-") + flavour.word() + suffix;
    }

    void restore(IpFamily family, String input) {
        inputTo(node, input, iptables(family, "-restore"), "--noflush");
    }

    /** Rules of all tables without comments of the tool and without counters. */
    List<String> save(IpFamily family) {
        List<String> lines = new ArrayList<>();
        for (String line : run(iptables(family, "-save")).lines().toList()) {
            if (!line.startsWith("#")) {
                lines.add(line.startsWith(":") ? line.replaceFirst(" \\[.*", "") : line);
            }
        }
        return lines;
    }

    Context context(Map<String, String> options) {
        Map<String, String> all = new HashMap<>(options);
        all.putIfAbsent("backend", flavour.word());
        return new Context(
                "node-a",
                Optional.of("zone-a"),
                node,
                List.of(Cidr.parse("10.244.0.0/16"), Cidr.parse("fd44::/16")),
                List.of(Cidr.parse("10.96.0.0/16"), Cidr.parse("fd96::/112")),
                List.of(Cidr.parse("192.0.2.0/24"), Cidr.parse("fdee::/64")),
                Path.of("/nowhere"),
                all);
    }

    IptablesServiceProxy proxy() {
        return proxy(Map.of());
    }

    IptablesServiceProxy proxy(Map<String, String> options) {
        return ProxyParts.open(context(options), Tool.DIRECTORIES, System::nanoTime);
    }

    static void eventually(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + PATIENCE + ": " + what);
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }

    static Service clusterIp(String name, List<String> ips, Protocol protocol) {
        return new Service(
                new ServiceId("default", name),
                Map.of(),
                Map.of(),
                Service.Type.CLUSTER_IP,
                Map.of(),
                ips.stream().map(Lab::ip).toList(),
                List.of(new ServicePort("", protocol, 80, "8080", OptionalInt.empty(), Optional.empty())),
                List.of(),
                Service.LoadBalancer.NONE,
                Optional.empty(),
                OptionalInt.empty(),
                Service.TrafficPolicy.CLUSTER,
                Service.TrafficPolicy.CLUSTER,
                Optional.empty(),
                false);
    }

    static EndpointSlice slice(Service service, List<String> pods) {
        return slice(service, "", pods);
    }

    static EndpointSlice slice(Service service, String port, List<String> pods) {
        IpFamily family = ip(pods.get(0)).family();
        return new EndpointSlice(
                service.id().name() + "-" + family.name().toLowerCase(java.util.Locale.ROOT),
                service.id(),
                family,
                pods.stream()
                        .map(pod -> new EndpointSlice.Endpoint(
                                List.of(ip(pod)),
                                true,
                                true,
                                false,
                                Optional.empty(),
                                Optional.of("node-a"),
                                Optional.of("zone-a"),
                                List.of(),
                                List.of(),
                                Optional.empty()))
                        .toList(),
                List.of(new EndpointSlice.Port(port, service.ports().get(0).protocol(), OptionalInt.of(8080))));
    }

    @Override
    public void close() {
        for (AutoCloseable part : opened) {
            try {
                part.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        node.close();
        threads.close();
    }
}
