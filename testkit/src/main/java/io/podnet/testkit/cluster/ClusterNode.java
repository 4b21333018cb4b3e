package io.podnet.testkit.cluster;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.MacAddress;
import io.podnet.netlink.route.Neighbour;
import io.podnet.netlink.traffic.TokenBucket;
import io.podnet.netlink.traffic.TrafficControl;
import io.podnet.testkit.machine.Machine;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A node of a {@link Cluster}: a machine with one interface, {@code eth0}, and one link to all others. Safe for any thread. */
public final class ClusterNode {
    static final String LINK = "eth0";
    /** Nobody's: frames to it reach nobody. */
    private static final MacAddress NOBODYS = MacAddress.parse("02:00:00:00:00:00");

    private final int number;
    private final Machine machine;
    private final Machine network;
    private final int bridge;
    private final String port;
    private final List<Process> processes = new CopyOnWriteArrayList<>();
    private Impairment impairment = Impairment.NONE;
    private Optional<BadLink> bad = Optional.empty();

    ClusterNode(int number, Machine machine, Machine network, int bridge, String port) {
        this.number = number;
        this.machine = machine;
        this.network = network;
        this.bridge = bridge;
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

    /** Ends processes and the thread that carries frames. */
    synchronized void end() {
        bad.ifPresent(BadLink::close);
        bad = Optional.empty();
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
     * Limits what the node sends, and what it receives, by a token bucket (tbf); it replaces an earlier limit.
     *
     * @param bitsPerSecond the rate in each direction, at least 8
     */
    public synchronized void limit(long bitsPerSecond) {
        TokenBucket bucket = TokenBucket.ofBits(bitsPerSecond);
        removeLimit();
        control(machine).shape(link(), bucket);
        control(network).shape(portIndex(), bucket);
    }

    /**
     * Delays each frame that the node sends or receives, so that a round trip takes twice as long more; it replaces an earlier
     * delay. To the millisecond, and never less. Frames are carried through this JVM for that, some ten thousand each second.
     *
     * @param time how long each frame waits, at most an hour
     */
    public void delay(Duration time) {
        delay(time, Duration.ZERO);
    }

    /**
     * Delays each frame by a time that varies evenly. Frames keep their order.
     *
     * @param time how long each frame waits on average, at most an hour
     * @param jitter by how much that may be more or less, at most as much
     */
    public synchronized void delay(Duration time, Duration jitter) {
        impair(impairment.delayed(time, jitter));
    }

    /**
     * Loses some of the frames that the node sends or receives, by chance; it replaces an earlier loss.
     *
     * @param share how many of all, 0 to 1
     */
    public synchronized void lose(double share) {
        impair(impairment.losing(share));
    }

    private void impair(Impairment wanted) {
        if (wanted.isNone()) {
            bad.ifPresent(BadLink::close);
            bad = Optional.empty();
        } else if (bad.isPresent()) {
            bad.get().impair(wanted);
        } else {
            bad = Optional.of(BadLink.between(network, bridge, port, machine, wanted));
        }
        impairment = wanted;
    }

    /** Undoes {@link #limit}, {@link #delay} and {@link #lose}. Idempotent. */
    public synchronized void unlimited() {
        removeLimit();
        impair(Impairment.NONE);
    }

    private void removeLimit() {
        control(machine).removeShaping(link());
        control(network).removeShaping(portIndex());
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
