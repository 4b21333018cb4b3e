package io.podnet.examples.quickstart;

import io.podnet.api.Cidr;
import io.podnet.api.PodNetwork;
import io.podnet.api.Podnet;
import io.podnet.examples.container.ContainerCommand;
import io.podnet.examples.manifest.ContainerManifest;
import io.podnet.examples.manifest.FileContent;
import io.podnet.examples.manifest.ManifestReader;
import io.podnet.examples.manifest.PodManifest;
import io.podnet.examples.state.Mounts;
import io.podnet.spi.PodSandbox;
import io.podnet.spi.Providers;
import io.podnet.spi.SandboxProvider;
import io.podnet.spi.Sandboxes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The story of the tour. */
final class Quickstart {
    private static final String MANIFESTS = "pods.yaml";
    private static final Cidr POD_CIDR = Cidr.parse("10.244.1.0/24");
    private static final int TIMEOUT_MILLIS = 10_000;

    private final Tour tour;

    private final Map<String, String> environment;

    Quickstart(Tour tour, Map<String, String> environment) {
        this.tour = tour;
        this.environment = Map.copyOf(environment);
    }

    void run() throws IOException, InterruptedException {
        tour.say("Podnet in one minute: two pods and a service on a node of its own, on real traffic.");
        Set<String> ownLinks = Leftovers.ownLinks();
        Sandboxes sandboxes = Providers.discover(SandboxProvider.class, Quickstart.class.getClassLoader())
                .get("linux")
                .create();
        try (sandboxes;
                WorkDirectory work = WorkDirectory.create()) {
            try {
                onANode(sandboxes, work);
            } finally {
                work.unmount();
            }
            tour.does("this machine", "ls /sys/class/net; grep " + work.path() + " /proc/self/mountinfo");
            tour.holds(Mounts.below(work.path()).isEmpty(), "no mount is left");
            tour.holds(
                    Leftovers.ownLinks().equals(ownLinks),
                    "the network this was started in is as it was: " + String.join(", ", ownLinks));
        }
    }

    private void onANode(Sandboxes sandboxes, WorkDirectory work) throws IOException, InterruptedException {
        tour.step("A node: a network namespace of its own, so that nothing here touches this machine's network");
        Sandboxes.Pins pins =
                new Sandboxes.Pins(work.directory("netns").resolve("node-a"), work.directory("node-a"), "node-a");
        tour.does("java", "sandboxes.create(" + pins.netns().getFileName() + ")");
        PodSandbox nodeSandbox = sandboxes.create(pins);
        long inode = nodeSandbox.network().inode();
        try (nodeSandbox) {
            tour.shows("network namespace net:[" + inode + "] pinned at " + pins.netns());
            Place node = new Place("node-a", nodeSandbox);
            node.run(tour, "ip", "-brief", "link");
            withPodnet(node, work);
            tour.holds(
                    node.run(tour, "ip", "-brief", "link").lines().count() == 1,
                    "the node's only link is lo: bridge and veths are gone");
        } finally {
            sandboxes.remove(pins, inode);
        }
    }

    private void withPodnet(Place node, WorkDirectory work) throws IOException, InterruptedException {
        tour.step("Podnet starts on that node");
        Path state = work.path().resolve("state");
        Path pins = work.directory("netns").resolve("pods");
        tour.does(
                "java",
                "Podnet.builder().nodeName(\"node-a\").podCidr(\"" + POD_CIDR
                        + "\").serviceProxy(\"iptables\").nameResolver(\"dns\").nodeNamespace(…).start()");
        List<Long> namespaces = new ArrayList<>();
        try (Podnet podnet = Podnet.builder()
                .nodeName("node-a")
                .podCidr(POD_CIDR.toString())
                .serviceCidrs("10.96.0.0/16")
                .serviceProxy("iptables")
                .nameResolver("dns")
                .nodeNamespace(node.sandbox().network().path())
                .netnsDirectory(pins)
                .stateDirectory(state)
                .removePodsOnClose(true)
                .start()) {
            try {
                node.run(tour, "ip", "-brief", "-4", "address");
                List<Place> pods = pods(podnet, work, namespaces);
                traffic(node, pods.get(0), pods.get(1), podnet);
                ServiceStep.show(tour, podnet, pods.get(1));
                files(pods);
                tour.step("Everything goes again");
                tour.does("java", "podnet.removeAll()");
            } finally {
                podnet.pods().forEach(pod -> end(pod.sandbox()));
                podnet.removeAll();
            }
        }
        nothingIsLeft(state, pins, namespaces);
    }

    private List<Place> pods(Podnet podnet, WorkDirectory work, List<Long> namespaces)
            throws IOException, InterruptedException {
        tour.step("Two pods from Kubernetes manifests");
        FileContent content = ManifestReader.read(MANIFESTS, resource());
        List<Place> places = new ArrayList<>();
        for (PodManifest manifest : content.pods()) {
            tour.does("java", "podnet.setUp(\"" + manifest.id() + "\")");
            PodNetwork pod = podnet.setUp(manifest.spec());
            namespaces.add(pod.sandbox().network().inode());
            tour.shows(pod.id() + " has " + pod.ips() + ", MAC " + pod.status().mac() + ", MTU "
                    + pod.status().mtu() + ", in net:["
                    + pod.sandbox().network().inode() + "]");
            Place place = new Place(pod.id().name(), pod.sandbox());
            places.add(place);
            start(pod, manifest, place, work);
        }
        return places;
    }

    private void start(PodNetwork pod, PodManifest manifest, Place place, WorkDirectory work)
            throws IOException, InterruptedException {
        ContainerCommand commands = new ContainerCommand(
                manifest.spec(),
                "node-a",
                "cluster.local",
                pod.ips().stream().map(Object::toString).toList(),
                environment);
        for (ContainerManifest container : manifest.containers()) {
            Path log = work.directory("logs").resolve(container.name() + ".log");
            PodSandbox.Command command = commands.of(container, pod.id() + "/" + container.name(), log);
            tour.does(place.name() + "/" + container.name(), String.join(" ", command.command()));
            Process process = pod.sandbox().start(command);
            if (container.name().equals("redis")) {
                waitForRedis(process, place, log);
            } else if (!process.waitFor(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
                throw new TourException(container.name() + " failed: " + Files.readString(log));
            } else {
                tour.shows(Files.readString(log));
            }
        }
    }

    private void waitForRedis(Process process, Place place, Path log) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MILLIS);
        while (System.nanoTime() < end) {
            if (!process.isAlive()) {
                throw new TourException("redis-server ended: " + Files.readString(log));
            }
            try {
                if (place.quietly("redis-cli", "-h", "127.0.0.1", "ping").contains("PONG")) {
                    tour.shows("pid " + process.pid() + ", answers on 127.0.0.1:6379");
                    return;
                }
            } catch (TourException notYet) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
        throw new TourException("redis-server does not answer: " + Files.readString(log));
    }

    private void traffic(Place node, Place shop, Place web, Podnet podnet) throws IOException, InterruptedException {
        String shopIp = ip(podnet, "shop");
        String webIp = ip(podnet, "web");
        tour.step("Two containers of one pod share 127.0.0.1");
        tour.holds(
                shop.run(tour, "redis-cli", "-h", "127.0.0.1", "get", "greeting")
                        .contains("hello from shop at " + shopIp),
                "what clerk said over 127.0.0.1 is in redis, with its $(VAR)s filled in");
        tour.step("Pod to pod, without NAT: the receiver sees the sender's real address");
        tour.holds(
                web.run(tour, "redis-cli", "-h", shopIp, "get", "greeting").contains("hello from shop"),
                "web reaches shop at " + shopIp);
        tour.does("web", "redis-cli -h " + shopIp + " client list");
        String clients = web.quietly("redis-cli", "-h", shopIp, "client", "list");
        tour.shows(clients.replaceAll("(?m) fd=.*$", " …"));
        tour.holds(clients.contains(" addr=" + webIp + ":"), "redis in shop sees web's own address, " + webIp);
        tour.step("Who reaches whom");
        tour.does("java", "a TCP connection between every two of node-a, shop and web");
        new Reachability(List.of(
                        new Reachability.End(node, POD_CIDR.gateway().toString()),
                        new Reachability.End(shop, shopIp),
                        new Reachability.End(web, webIp)))
                .show(tour);
    }

    private static String ip(Podnet podnet, String name) {
        return podnet.pods().stream()
                .filter(pod -> pod.id().name().equals(name))
                .map(pod -> pod.ips().get(0).toString())
                .findFirst()
                .orElseThrow();
    }

    private void files(List<Place> pods) throws IOException, InterruptedException {
        tour.step("Each pod has its own /etc/hosts and host name");
        String shop = pods.get(0).run(tour, "cat", "/etc/hosts");
        tour.holds(shop.contains("192.0.2.10\twarehouse.example"), "shop's host alias is in its file only");
        String web = pods.get(1).run(tour, "cat", "/etc/hosts");
        tour.holds(!web.contains("warehouse") && web.contains("www"), "web's file has its own names");
        tour.holds(pods.get(1).run(tour, "uname", "-n").strip().equals("www"), "web's host name is www");
    }

    private static void end(PodSandbox pod) {
        pod.processes()
                .forEach(pid -> ProcessHandle.of(pid).ifPresent(process -> {
                    process.destroyForcibly();
                    process.onExit()
                            .orTimeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                            .join();
                }));
    }

    private void nothingIsLeft(Path state, Path pins, List<Long> namespaces) throws IOException {
        tour.step("The proof: nothing is left");
        tour.does("this machine", "cat " + state.resolve("attachments") + "/*");
        tour.holds(Podnet.records(state).isEmpty(), "no record");
        tour.holds(Leftovers.leases(state.resolve("ipam"), "bridge", POD_CIDR).isEmpty(), "no lease");
        tour.does("this machine", "ls " + pins + "; ls -l /proc/*/ns/net");
        tour.holds(Leftovers.filesIn(pins).isEmpty(), "no pinned network namespace of a pod");
        tour.holds(Leftovers.processesIn(namespaces).isEmpty(), "no process in net:" + namespaces);
    }

    private static String resource() {
        try (InputStream stream = Objects.requireNonNull(Quickstart.class.getResourceAsStream(MANIFESTS))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the tour's manifests cannot be read", e);
        }
    }
}
