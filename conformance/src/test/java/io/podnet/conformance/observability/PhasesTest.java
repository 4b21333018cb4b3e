package io.podnet.conformance.observability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.IpAddress;
import io.podnet.api.MetricsListener;
import io.podnet.api.Occurrence;
import io.podnet.api.Phase;
import io.podnet.api.PodId;
import io.podnet.api.PodNetwork;
import io.podnet.api.PodSpec;
import io.podnet.api.Podnet;
import io.podnet.api.PodnetBuilder;
import io.podnet.api.PodnetException;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.ServiceSpec;
import io.podnet.store.memory.MemoryHub;
import io.podnet.testkit.cluster.Cluster;
import io.podnet.testkit.cluster.ClusterNode;
import io.podnet.testkit.cluster.PodnetCluster;
import io.podnet.testkit.machine.FixedNameServer;
import io.podnet.testkit.machine.NodeDirectory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recording and a metrics listener see of whole nodes at work. */
@PodnetCluster(nodes = 2)
class PhasesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Set<Phase> WITHIN_SET_UP = EnumSet.range(Phase.SET_UP_JOURNAL, Phase.SET_UP_READINESS);
    private static final Set<Phase> WITHIN_TEAR_DOWN =
            EnumSet.range(Phase.TEAR_DOWN_READINESS, Phase.TEAR_DOWN_JOURNAL);

    @TempDir
    private Path directory;

    /** Everything that was told. */
    private static final class Told implements MetricsListener {
        private record End(Phase phase, Outcome outcome, Duration took) {}

        private final ConcurrentLinkedQueue<End> ends = new ConcurrentLinkedQueue<>();
        private final Map<Occurrence, Boolean> occurrences = new ConcurrentHashMap<>();

        @Override
        public void onPhase(Phase phase, Outcome outcome, Duration took) {
            ends.add(new End(phase, outcome, took));
        }

        @Override
        public void onOccurrence(Occurrence occurrence) {
            occurrences.put(occurrence, true);
        }

        long count(Phase phase, Outcome outcome) {
            return ends.stream()
                    .filter(end -> end.phase() == phase && end.outcome() == outcome)
                    .count();
        }
    }

    private static PodnetBuilder builder(ClusterNode machine, NodeDirectory directory, int number) {
        return Podnet.builder()
                .nodeName("node-" + number)
                .nodeNamespace(machine.machine().namespace().path())
                .netnsDirectory(directory.netns())
                .stateDirectory(directory.state())
                .resolvConf(directory.resolvConf("search example.org\n"))
                .serviceCidrs("10.96.0.0/16")
                .podCidr("10.244." + number + ".0/24")
                .removePodsOnClose(true);
    }

    private static PodnetBuilder whole(ClusterNode machine, NodeDirectory directory, int number, MemoryHub hub) {
        return builder(machine, directory, number)
                .networkPlugin("overlay")
                .networkPluginOption("clusterCidr", "10.244.0.0/16")
                .networkPluginOption("underlay", "eth0")
                .networkPluginOption("probe", "false")
                .clusterStore(hub.connect("node-" + number))
                .serviceProxy("iptables")
                .nameResolver("dns")
                .upstreams(List.of(IpAddress.parse("10.77.0.2")));
    }

    private static void work(Podnet node, ClusterNode machine) throws Exception {
        PodNetwork pod =
                node.setUp(PodSpec.of("default", "web").label("app", "web").build());
        Service service = node.services()
                .apply(ServiceSpec.of("default", "web")
                        .selector("app", "web")
                        .port("", Protocol.TCP, 80, "8080")
                        .build());
        assertThat(node.services().awaitProgrammed(service.id(), PATIENCE)).isTrue();
        assertThat(resolve(pod, "www.example.com")).isEqualTo("203.0.113.1");
        machine.machine().run("iptables", "-t", "nat", "-F", "KUBE-SERVICES");
    }

    private static String resolve(PodNetwork pod, String name) throws Exception {
        Process getent = pod.sandbox().start(new ProcessBuilder("getent", "ahostsv4", name));
        String output = new String(getent.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        getent.waitFor();
        return output.split("\\s", 2)[0];
    }

    @Test
    void everyPhaseIsRecordedAndTold(Cluster cluster, ClusterNode a, ClusterNode b) throws Exception {
        Told told = new Told();
        Path file = directory.resolve("recording.jfr");
        try (Recording recording = new Recording();
                NodeDirectory first = new NodeDirectory();
                NodeDirectory second = new NodeDirectory();
                FixedNameServer upstream =
                        new FixedNameServer(b.machine(), b.ip(), "www.example.com", IpAddress.parse("203.0.113.1"))) {
            recording.enable("io.podnet.ForwardedQuery").withoutThreshold();
            recording.start();
            MemoryHub hub = new MemoryHub();
            try (Podnet node = whole(a, first, 1, hub).metrics(told).start();
                    Podnet other = whole(b, second, 2, hub).start()) {
                work(node, a);
                assertThat(other.paths()).isNotEmpty();
                await(() -> told.occurrences.containsKey(Occurrence.SERVICES_REPAIRED)
                        && told.count(Phase.OVERLAY_PEER, MetricsListener.Outcome.SUCCEEDED) > 0);
                node.tearDown(new PodId("default", "web"));
            }
            assertThat(upstream.asked()).contains("www.example.com");
            recording.stop();
            recording.dump(file);
        }
        Recorded recorded = new Recorded(RecordingFile.readAllEvents(file));

        RecordedEvent setUp = recorded.only("PodSetUp");
        assertThat(setUp.getString("node")).isEqualTo("node-1");
        assertThat(setUp.getString("namespace")).isEqualTo("default");
        assertThat(setUp.getString("pod")).isEqualTo("web");
        assertThat(setUp.getString("outcome")).isEqualTo("succeeded");
        assertThat(setUp.getString("failure")).isEmpty();
        recorded.phasesWithin(setUp, WITHIN_SET_UP);
        RecordedEvent tearDown = recorded.only("PodTearDown");
        assertThat(tearDown.getString("pod")).isEqualTo("web");
        assertThat(tearDown.getString("outcome")).isEqualTo("succeeded");
        recorded.phasesWithin(tearDown, WITHIN_TEAR_DOWN);

        recorded.one("ServicesPhase", event -> event.getString("phase").equals("services-model"));
        for (Phase phase : EnumSet.range(Phase.SERVICES_PLAN, Phase.SERVICES_READ_BACK)) {
            recorded.one(
                    "ServicesPhase",
                    event -> event.getString("phase").equals(phase.text())
                            && event.getString("family").equals("IPV4")
                            && event.getString("node").equals("node-1"));
        }
        recorded.one("NamesUpdate", event -> event.getString("node").equals("node-1"));
        recorded.one(
                "ForwardedQuery",
                event -> event.getString("name").startsWith("www.example.com")
                        && event.getString("type").equals("A")
                        && event.getString("outcome").equals("succeeded"));
        recorded.one("OverlayPhase", event -> event.getString("phase").equals("overlay-join"));
        recorded.one("OverlayPhase", event -> event.getString("phase").equals("overlay-repair"));
        recorded.one(
                "OverlayPhase",
                event -> event.getString("phase").equals("overlay-peer")
                        && event.getString("node").equals("node-1")
                        && event.getString("peer").equals("node-2"));
        recorded.one(
                "Occurrence",
                event -> event.getString("kind").equals("services-repaired")
                        && event.getString("object").equals("IPV4")
                        && event.getString("detail").endsWith("chains"));

        for (Phase phase : EnumSet.complementOf(EnumSet.of(Phase.CNI_CALL))) {
            assertThat(told.count(phase, MetricsListener.Outcome.SUCCEEDED))
                    .as(phase.text())
                    .isPositive();
        }
        assertThat(told.count(Phase.POD_SET_UP, MetricsListener.Outcome.SUCCEEDED))
                .isOne();
        assertThat(told.ends)
                .allSatisfy(end -> assertThat(end.took().isNegative()).isFalse());
    }

    private static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time").isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** Events of a recording, by short names. */
    private record Recorded(List<RecordedEvent> events) {
        List<RecordedEvent> all(String name) {
            return events.stream()
                    .filter(event -> event.getEventType().getName().equals("io.podnet." + name))
                    .toList();
        }

        RecordedEvent only(String name) {
            assertThat(all(name)).as(name).hasSize(1);
            return all(name).get(0);
        }

        void one(String name, Predicate<RecordedEvent> fields) {
            assertThat(all(name)).as(name).anyMatch(fields);
        }

        void phasesWithin(RecordedEvent whole, Set<Phase> phases) {
            for (Phase phase : phases) {
                List<RecordedEvent> found = new ArrayList<>(all("PodPhase"));
                found.removeIf(event -> !event.getString("phase").equals(phase.text()));
                assertThat(found).as(phase.text()).isNotEmpty().allSatisfy(event -> {
                    assertThat(event.getString("node")).isEqualTo("node-1");
                    assertThat(event.getString("namespace")).isEqualTo("default");
                    assertThat(event.getString("pod")).isEqualTo("web");
                    assertThat(event.getString("outcome")).isEqualTo("succeeded");
                    assertThat(event.getThread().getJavaName())
                            .isEqualTo(whole.getThread().getJavaName());
                    assertThat(event.getStartTime()).isAfterOrEqualTo(whole.getStartTime());
                    assertThat(event.getEndTime()).isBeforeOrEqualTo(whole.getEndTime());
                });
            }
        }
    }

    @Test
    void aFailureIsToldWithWhatFailed(ClusterNode a) throws Exception {
        Told told = new Told();
        Path file = directory.resolve("failure.jfr");
        try (Recording recording = new Recording();
                NodeDirectory state = new NodeDirectory();
                Podnet node = builder(a, state, 1).metrics(told).start()) {
            recording.start();
            PodNetwork first = node.setUp(PodSpec.of("default", "first").build());
            assertThatThrownBy(() -> node.setUp(PodSpec.of("default", "second")
                            .requestedIp(first.ips().get(0))
                            .build()))
                    .isInstanceOf(PodnetException.class);
            recording.stop();
            recording.dump(file);
        }
        Recorded recorded = new Recorded(RecordingFile.readAllEvents(file));
        recorded.one(
                "PodSetUp",
                event -> event.getString("pod").equals("second")
                        && event.getString("outcome").equals("failed")
                        && event.getString("failure").contains("PodnetException"));
        recorded.one(
                "PodPhase",
                event -> event.getString("pod").equals("second")
                        && event.getString("phase").equals("set-up-address")
                        && event.getString("outcome").equals("failed"));
        assertThat(told.count(Phase.POD_SET_UP, MetricsListener.Outcome.SUCCEEDED))
                .isOne();
        assertThat(told.count(Phase.POD_SET_UP, MetricsListener.Outcome.FAILED)).isOne();
        assertThat(told.count(Phase.SET_UP_ADDRESS, MetricsListener.Outcome.FAILED))
                .isOne();
        assertThat(told.count(Phase.SET_UP_LINKS, MetricsListener.Outcome.FAILED))
                .isZero();
    }

    @Test
    void aListenerThatThrowsBreaksNobody(ClusterNode a) {
        MetricsListener broken = new MetricsListener() {
            @Override
            public void onPhase(Phase phase, Outcome outcome, Duration took) {
                throw new AssertionError("a listener that always throws");
            }
        };
        try (NodeDirectory state = new NodeDirectory();
                Podnet node = builder(a, state, 1).metrics(broken).start()) {
            PodNetwork pod = node.setUp(PodSpec.of("default", "web").build());
            assertThat(node.check(pod.id())).isEmpty();
            assertThat(node.tearDown(pod.id())).isTrue();
        }
    }
}
