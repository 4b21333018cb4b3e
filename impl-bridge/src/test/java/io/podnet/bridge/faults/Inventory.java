package io.podnet.bridge.faults;

import io.podnet.bridge.TestNode;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.nftables.NftSet;
import io.podnet.netlink.nftables.Nftables;
import io.podnet.netlink.nftables.Table;
import io.podnet.netlink.socket.NetlinkConversation;
import io.podnet.netlink.sysctl.NamespaceSysctls;
import io.podnet.netlink.sysctl.SysctlKey;
import io.podnet.netlink.sysctl.Sysctls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Everything that a node can leave behind, as lines to compare: kernel, files, mounts, descriptors, threads. */
final class Inventory implements AutoCloseable {
    // Which user of the lease directory changed it last, what rests after a release, where the search goes on; and what
    // the next start sweeps, see strays.
    private static final List<String> VOLATILE =
            List.of("/generation", "/cooling/", "last_reserved_ip", "/lock", "/staging/", "/instances/");

    // LinkNames.GROUP_DEAD
    static final String DEAD = " group " + 0x706f + " ";

    // The JVM opens files of its own at times, such as its cgroup's.
    private static final Pattern OURS =
            Pattern.compile("^descriptor (net:|ipc:|uts:|mnt:|socket|anon_inode|/proc|.*podnet)");

    private static final List<SysctlKey> SETTINGS = List.of(
            SysctlKey.of("net", "ipv4", "ip_forward"),
            SysctlKey.ofInterface("ipv4", "conf", "all", "send_redirects"),
            SysctlKey.ofInterface("ipv6", "conf", "all", "forwarding"));

    private final TestNode node;
    private final Path directory;
    private final NetlinkConversation netfilter;
    private final NamespaceSysctls settings;

    Inventory(TestNode node, Path directory) {
        startThreads(node);
        this.node = node;
        this.directory = directory;
        this.settings = Sysctls.in(node.threads(), node.namespace());
        this.netfilter =
                node.threads().callIn(node.namespace(), () -> NetlinkConversation.open(LinuxNetlink.NETLINK_NETFILTER));
    }

    /** The test's own threads come on demand; here they all come at once, so that none comes later. */
    private static void startThreads(TestNode node) {
        CyclicBarrier all = new CyclicBarrier(NamespaceThreads.DEFAULT_THREADS);
        IntStream.range(0, NamespaceThreads.DEFAULT_THREADS)
                .mapToObj(i -> CompletableFuture.runAsync(
                        () -> node.threads().callIn(node.namespace(), () -> Settling.meet(all)),
                        task -> new Thread(task, "test-inventory").start()))
                .toList()
                .forEach(CompletableFuture::join);
    }

    /** What outlives a process, without links that wait to be freed. */
    List<String> lasting() throws IOException {
        List<String> lines = new ArrayList<>(node.kernel());
        lines.removeIf(line -> line.contains(DEAD));
        // The kernel's own: it comes with the bridge's carrier, some time after the first port, and goes with the last.
        lines.removeIf(line -> line.contains("destination=ff00::/8"));
        lines.addAll(rules());
        lines.addAll(settings());
        lines.addAll(files());
        try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mountinfo"))) {
            mounts.filter(line -> line.contains(directory.toString())).forEach(line -> lines.add(mount(line)));
        }
        return lines.stream().sorted().toList();
    }

    /** The whole of it. */
    List<String> all() throws IOException {
        List<String> lines = new ArrayList<>(lasting());
        lines.addAll(descriptors());
        lines.addAll(threadsAway());
        return lines.stream().sorted().toList();
    }

    /** What is this process's own: descriptors, threads. */
    List<String> process() throws IOException {
        List<String> lines = descriptors();
        lines.addAll(threadsAway());
        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("podnet-"))
                .forEach(thread -> lines.add("thread " + thread.getName().replaceFirst("-[0-9]+$", "")));
        return lines.stream().sorted().toList();
    }

    /** What is more ({@code +}) and less ({@code -}) than there was. */
    static List<String> changes(List<String> before, List<String> after) {
        List<String> changes = new ArrayList<>();
        List<String> more = new ArrayList<>(after);
        before.forEach(more::remove);
        more.forEach(line -> changes.add("+ " + line));
        List<String> less = new ArrayList<>(before);
        after.forEach(less::remove);
        less.forEach(line -> changes.add("- " + line));
        return changes;
    }

    private List<String> settings() {
        List<String> lines = new ArrayList<>();
        for (SysctlKey key : SETTINGS) {
            lines.add("setting " + key + " " + settings.read(key).orElse("absent"));
        }
        return lines;
    }

    private List<String> rules() {
        Nftables nftables = new Nftables(netfilter);
        List<String> lines = new ArrayList<>();
        for (Table table : nftables.tables()) {
            nftables.chains(table).forEach(chain -> lines.add("chain " + table + " " + chain));
            nftables.rules(table).forEach(rule -> lines.add("rule " + table + " " + rule.uncounted()));
            for (NftSet set : nftables.sets(table)) {
                lines.add("set " + table + " " + set);
                nftables.elements(table, set.name())
                        .forEach(element -> lines.add("element " + table + " " + set.name() + " " + element));
            }
        }
        return lines;
    }

    private List<String> files() throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.toList()) {
                String name = "file " + directory.relativize(file);
                if (VOLATILE.stream().noneMatch(name::contains)) {
                    lines.add(name);
                }
            }
        }
        return lines;
    }

    /** Users that the Ipam's directory knows, whether or not they hold anything. */
    List<String> users() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(path -> path.getParent().endsWith("instances"))
                    .map(Path::toString)
                    .toList();
        }
    }

    /** Files of the Ipam's that say nothing any more and wait for the next start. */
    List<String> strays() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile)
                    .map(Path::toString)
                    .filter(name -> name.contains("/staging/") || name.contains("/instances/"))
                    .toList();
        }
    }

    /** Mount id, parent and device differ each time; root, mount point and options tell the mount. */
    private static String mount(String line) {
        String[] fields = line.split(" ");
        return "mount " + fields[3] + " " + fields[4];
    }

    private List<String> descriptors() throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : open.toList()) {
                try {
                    String target = Files.readSymbolicLink(descriptor).toString();
                    // Sockets' and pipes' numbers would only tell that one was closed and another opened.
                    lines.add("descriptor " + target.replaceFirst("^(socket|pipe):.*", "$1"));
                } catch (NoSuchFileException closed) {
                    continue; // the one that lists the directory
                }
            }
        }
        lines.removeIf(line -> !OURS.matcher(line).find() || line.endsWith("/fd"));
        return lines;
    }

    private static List<String> threadsAway() throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                for (String kind : List.of("net", "ipc", "uts", "mnt")) {
                    try {
                        Path there = Files.readSymbolicLink(task.resolve("ns").resolve(kind));
                        if (!there.equals(Files.readSymbolicLink(Path.of("/proc/self/ns", kind)))) {
                            lines.add("thread away from home in " + there);
                        }
                    } catch (IOException ended) {
                        continue; // a thread that has ended is nowhere
                    }
                }
            }
        }
        return lines;
    }

    @Override
    public void close() {
        netfilter.close();
    }
}
