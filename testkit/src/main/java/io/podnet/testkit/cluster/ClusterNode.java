package io.podnet.testkit.cluster;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.MacAddress;
import io.podnet.api.PodnetException;
import io.podnet.netlink.route.Neighbour;
import io.podnet.netlink.traffic.TokenBucket;
import io.podnet.netlink.traffic.TrafficControl;
import io.podnet.testkit.machine.Machine;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A node of a {@link Cluster}: a machine with one interface, {@code eth0}, and one link to all others. Safe for any thread. */
public final class ClusterNode {
    static final String LINK = "eth0";
    /** Nobody's: frames to it reach nobody. */
    private static final MacAddress NOBODYS = MacAddress.parse("02:00:00:00:00:00");

    private final int number;
    private final Machine machine;
    private final Machine network;
    private final String port;
    private final List<Process> processes = new CopyOnWriteArrayList<>();

    ClusterNode(int number, Machine machine, Machine network, String port) {
        this.number = number;
        this.machine = machine;
        this.network = network;
        this.port = port;
        machine.addAddress(LINK, ip() + "/24");
        machine.addAddress(LINK, ip6() + "/64");
    }

    /**
     * Gives the name.
     *
     * @return {@code node-1} for the first
     */
    public String name() {
        return machine.name();
    }

    /**
     * Gives the IPv4 address.
     *
     * @return {@code 10.77.0.1} for the first
     */
    public IpAddress ip() {
        return ip(IpFamily.IPV4);
    }

    /**
     * Gives the IPv6 address.
     *
     * @return {@code fd77::1} for the first
     */
    public IpAddress ip6() {
        return ip(IpFamily.IPV6);
    }

    private IpAddress ip(IpFamily family) {
        return IpAddress.parse(family == IpFamily.IPV4 ? "10.77.0." + number : "fd77::" + Integer.toHexString(number));
    }

    /**
     * Gives the machine: its namespace, for a whole Podnet node on it, and channels that are opened inside.
     *
     * @return the machine; the cluster closes it
     */
    public Machine machine() {
        return machine;
    }

    /**
     * Starts a process on the node. It is killed at the test's end.
     *
     * @param builder command and redirections; it is not changed
     * @return the process; its pid is the command's own
     */
    public Process start(ProcessBuilder builder) {
        Process process = machine.start(builder);
        processes.add(process);
        return process;
    }

    void endProcesses() {
        for (Process process : processes) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private int link() {
        return machine.route().links().get(LINK).index();
    }

    /** A wrong neighbour is silent, unlike a route that forbids, and like a cable that is cut somewhere. */
    void silence(ClusterNode other) {
        for (IpFamily family : IpFamily.values()) {
            machine.route().neighbours().replace(Neighbour.permanent(link(), other.ip(family), NOBODYS));
        }
    }

    void hear(ClusterNode other) {
        for (IpFamily family : IpFamily.values()) {
            boolean cut = machine.route().neighbours().list(family, link()).stream()
                    .anyMatch(entry -> entry.isPermanent() && entry.address().equals(other.ip(family)));
            if (cut) {
                machine.route().neighbours().delete(link(), other.ip(family));
            }
        }
    }

    /**
     * Limits what the node sends, and what it receives, by a token bucket (tbf); it replaces an earlier limit or delay.
     *
     * @param bitsPerSecond the rate in each direction, at least 1
     */
    public void limit(long bitsPerSecond) {
        unlimited();
        TokenBucket bucket = TokenBucket.ofBits(bitsPerSecond);
        control(machine).shape(link(), bucket);
        control(network).shape(portIndex(), bucket);
    }

    /**
     * Delays what the node receives, by netem; it replaces an earlier limit or delay.
     *
     * @param time how long each packet waits
     * @throws PodnetException.Unsupported where the kernel has no netem, or the machine no tc
     */
    public void delay(Duration time) {
        unlimited();
        try {
            network.run(
                    "tc",
                    "qdisc",
                    "replace",
                    "dev",
                    port,
                    "root",
                    "netem",
                    "delay",
                    time.toNanos() / 1_000 + "us",
                    "limit",
                    "100000");
        } catch (AssertionError | UncheckedIOException e) {
            throw new PodnetException.Unsupported(
                    "packets to " + name()
                            + " cannot be delayed: that needs tc (iproute2) and a kernel with CONFIG_NET_SCH_NETEM;"
                            + " limit and cut need neither. " + e.getMessage(),
                    e);
        }
    }

    /** Undoes {@link #limit} and {@link #delay}. Idempotent. */
    public void unlimited() {
        control(machine).removeShaping(link());
        control(network).removeShaping(portIndex());
        boolean delayed = control(network).list().stream()
                .anyMatch(qdisc ->
                        qdisc.linkIndex() == portIndex() && qdisc.kind().equals("netem"));
        if (delayed) {
            network.run("tc", "qdisc", "del", "dev", port, "root");
        }
    }

    private int portIndex() {
        return network.route().links().get(port).index();
    }

    private static TrafficControl control(Machine where) {
        return new TrafficControl(where.route().conversation());
    }

    @Override
    public String toString() {
        return name();
    }
}
