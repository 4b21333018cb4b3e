package io.podnet.benchmarks;

import io.podnet.api.PodNetwork;
import io.podnet.api.PodSpec;
import io.podnet.api.Podnet;
import io.podnet.store.memory.MemoryHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * TCP between pods on two nodes by iperf3, against the same with devices and routes that were made by hand with {@code ip}: a
 * VXLAN device with one route for the other node's subnet, or that route alone. Like with like: neither masquerades anything; then both
 * masquerade, as flannel does and pods need to reach the world, for which the kernel tracks connections. In many short turns, since a
 * machine's pace changes: what counts is the median of the turns' ratios.
 */
final class OverlayBenchmark {
    private static final Pattern RATE = Pattern.compile("\"sum_received\":[^}]*\"bits_per_second\":\\s*([0-9.e+]+)");

    private OverlayBenchmark() {}

    private record Pair(Path client, Path server, String serverIp) {}

    /**
     * Runs.
     *
     * @param arguments seconds of a measurement, rounds
     */
    public static void main(String[] arguments) throws Exception {
        int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 15;
        Lab lab = new Lab();
        for (String backend : List.of("vxlan", "host-gw")) {
            try (Cluster plain = Cluster.start(lab, backend, false);
                    Cluster masquerading = Cluster.start(lab, backend, true)) {
                List<Pair> pairs = List.of(
                        byHand(lab, backend, false), plain.pair(), byHand(lab, backend, true), masquerading.pair());
                report(backend, measure(pairs, seconds, rounds));
            }
        }
    }

    /** Two nodes of Podnet's and a pod on each. */
    private record Cluster(Podnet client, Podnet server, Pair pair) implements AutoCloseable {
        static Cluster start(Lab lab, String backend, boolean masquerade) throws Exception {
            MemoryHub hub = new MemoryHub();
            Podnet a = node(lab, hub, backend, masquerade);
            try {
                Podnet b = node(lab, hub, backend, masquerade);
                PodNetwork client = a.setUp(PodSpec.of("bench", "client").build());
                PodNetwork server = b.setUp(PodSpec.of("bench", "server").build());
                a.programmed(client.id()).get(10, TimeUnit.SECONDS);
                b.programmed(server.id()).get(10, TimeUnit.SECONDS);
                String ip = server.ips().get(0).toString();
                return new Cluster(
                        a, b, new Pair(client.record().netns(), server.record().netns(), ip));
            } catch (Exception e) {
                a.close();
                throw e;
            }
        }

        @Override
        public void close() {
            client.close();
            server.close();
        }
    }

    /** What each pair reaches in each turn, which begins with another pair each time. */
    private static List<List<Double>> measure(List<Pair> pairs, int seconds, int rounds) throws Exception {
        List<List<Double>> rates = new ArrayList<>();
        for (Pair pair : pairs) {
            rate(pair, 1);
            rates.add(new ArrayList<>());
        }
        for (int turn = 0; turn < rounds; turn++) {
            for (int i = 0; i < pairs.size(); i++) {
                int next = (turn + i) % pairs.size();
                rates.get(next).add(rate(pairs.get(next), seconds));
            }
        }
        return rates;
    }

    private static void report(String backend, List<List<Double>> rates) {
        System.out.printf(
                Locale.ROOT,
                "%-8s by hand %.2f Gbit/s, podnet %.2f Gbit/s: %s of it (medians of %d turns)%n",
                backend,
                quantile(rates.get(0), 0.5),
                quantile(rates.get(1), 0.5),
                part(rates.get(1), rates.get(0)),
                rates.get(0).size());
        System.out.printf(
                Locale.ROOT,
                "%-8s both masquerading: by hand %.2f Gbit/s, podnet %.2f Gbit/s: %s of it; %s of by hand without%n",
                backend,
                quantile(rates.get(2), 0.5),
                quantile(rates.get(3), 0.5),
                part(rates.get(3), rates.get(2)),
                part(rates.get(3), rates.get(0)));
    }

    /** The median of the turns' ratios, and where half of them are. */
    private static String part(List<Double> ours, List<Double> theirs) {
        List<Double> ratios = IntStream.range(0, ours.size())
                .mapToObj(turn -> ours.get(turn) / theirs.get(turn))
                .toList();
        return String.format(
                Locale.ROOT, "%.3f (%.2f-%.2f)", quantile(ratios, 0.5), quantile(ratios, 0.25), quantile(ratios, 0.75));
    }

    private static double quantile(List<Double> values, double part) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get((int) (part * (sorted.size() - 1) + 0.5));
    }

    /** Gigabits a second that arrive, from one processor to another: which the scheduler chooses makes more difference than all else. */
    private static double rate(Pair pair, int seconds) throws IOException, InterruptedException {
        Process server = Lab.start(pair.server(), "iperf3", "-s", "-1");
        for (int i = 0; i < 100 && !listening(pair.server()); i++) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        String json = Lab.output(
                pair.client(), "iperf3", "-c", pair.serverIp(), "-t", Integer.toString(seconds), "-A", "0,1", "-J");
        server.waitFor(5, TimeUnit.SECONDS);
        Matcher rate = RATE.matcher(json);
        if (!rate.find()) {
            throw new IOException("iperf3 did not say how much: " + json);
        }
        return Double.parseDouble(rate.group(1)) / 1e9;
    }

    private static boolean listening(Path namespace) throws IOException, InterruptedException {
        return Lab.output(namespace, "ss", "-Htln", "sport = :5201").contains(":5201");
    }

    private static Podnet node(Lab lab, MemoryHub hub, String backend, boolean masquerade) throws Exception {
        String name = lab.node();
        Path state = Files.createTempDirectory(Path.of("/run"), "podnet-" + name);
        return Podnet.builder()
                .nodeName(name)
                .nodeNamespace(Lab.path(name))
                .stateDirectory(state.resolve("state"))
                .netnsDirectory(state.resolve("netns"))
                .clusterStore(hub.connect(name))
                .networkPlugin("overlay")
                .networkPluginOption("backend", backend)
                .networkPluginOption("delegate.masquerade", Boolean.toString(masquerade))
                .networkPluginOption("clusterCidr", "10.244.0.0/16")
                .removePodsOnClose(true)
                .start();
    }

    /** Two nodes with a bridge and a pod each, and between them what flannel would make. */
    private static Pair byHand(Lab lab, String backend, boolean masquerade) throws Exception {
        boolean vxlan = backend.equals("vxlan");
        List<String> nodes = List.of(lab.node(), lab.node());
        List<String> underlay = new ArrayList<>();
        for (String node : nodes) {
            underlay.add(Lab.address(Integer.parseInt(node.substring(1))));
        }
        for (int i = 0; i < 2; i++) {
            String node = nodes.get(i);
            String pod = node + "pod";
            String mtu = vxlan ? "1450" : "1500";
            Lab.ip("netns add " + pod);
            Lab.in(
                    node,
                    "link add br0 type bridge",
                    "address add 10.200." + i + ".1/24 dev br0",
                    "link set br0 up",
                    "link add pod0 mtu " + mtu + " type veth peer name eth0 mtu " + mtu + " netns " + pod,
                    "link set pod0 master br0 up");
            Lab.in(
                    pod,
                    "link set lo up",
                    "address add 10.200." + i + ".2/24 dev eth0",
                    "link set eth0 up",
                    "route add default via 10.200." + i + ".1");
            Lab.output(Lab.path(node), "sysctl", "-qw", "net.ipv4.ip_forward=1");
            if (masquerade) {
                Lab.output(
                        Lab.path(node),
                        "nft",
                        "add table ip hand; add chain ip hand post { type nat hook postrouting priority srcnat; };"
                                + " add rule ip hand post ip saddr 10.200.0.0/16 ip daddr != 10.200.0.0/16 masquerade");
            }
            int other = 1 - i;
            if (!vxlan) {
                Lab.in(node, "route add 10.200." + other + ".0/24 via " + underlay.get(other));
                continue;
            }
            Lab.in(
                    node,
                    "link add vx0 address " + mac(i) + " mtu 1450 type vxlan id 42 dev eth0 local " + underlay.get(i)
                            + " dstport 8472 nolearning",
                    "address add 10.200." + i + ".0/32 dev vx0",
                    "link set vx0 up",
                    "neigh add 10.200." + other + ".0 lladdr " + mac(other) + " dev vx0 nud permanent",
                    "route add 10.200." + other + ".0/24 via 10.200." + other + ".0 dev vx0 onlink");
            Lab.output(
                    Lab.path(node),
                    "bridge",
                    "fdb",
                    "append",
                    mac(other),
                    "dev",
                    "vx0",
                    "dst",
                    underlay.get(other),
                    "self",
                    "permanent");
        }
        return new Pair(Lab.path(nodes.get(0) + "pod"), Lab.path(nodes.get(1) + "pod"), "10.200.1.2");
    }

    private static String mac(int node) {
        return "02:00:00:00:00:0" + (node + 1);
    }
}
