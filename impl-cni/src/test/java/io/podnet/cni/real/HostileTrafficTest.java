package io.podnet.cni.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What went wrong on the wire in others' plugins, by its CVE number: each packet has one beside it that does pass. */
class HostileTrafficTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path directory = Path.of("");

    private Lab lab;
    private Path script;

    @BeforeEach
    void open() throws Exception {
        lab = new Lab(directory);
        script = directory.resolve("packets.py");
        try (InputStream source = HostileTrafficTest.class.getResourceAsStream("packets.py")) {
            Files.copy(Objects.requireNonNull(source), script);
        }
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private String config(String keys) {
        return "{\"cniVersion\":\"1.0.0\",\"name\":\"net\",\"type\":\"podnet-cni\",\"isDefaultGateway\":true,"
                + "\"ipMasq\":true" + keys + "}";
    }

    private String ipam(String ranges) {
        return ",\"ipam\":{\"type\":\"host-local\",\"dataDir\":\"" + lab.leases() + "\",\"ranges\":[" + ranges + "]}";
    }

    private void add(String id, Lab.Container container, String config) throws Exception {
        Lab.Output output = lab.podnet("ADD", id, container.path(), config);
        assertThat(output.code()).as(output.text()).isZero();
    }

    private String node(String... command) throws Exception {
        Lab.Output output = lab.run(Map.of(), "", command);
        assertThat(output.code())
                .as(String.join(" ", command) + ": " + output.text())
                .isZero();
        return output.text();
    }

    /** From a namespace to another. */
    private String in(Lab.Container place, String... command) throws Exception {
        String[] all = new String[command.length + 2];
        all[0] = "nsenter";
        all[1] = "--net=" + place.path();
        System.arraycopy(command, 0, all, 2, command.length);
        return node(all);
    }

    private String mac(String link) {
        return lab.route().links().get(link).mac().orElseThrow().toString();
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime() - end).as(what).isNegative();
            Thread.sleep(20);
        }
    }

    /** A neighbour of the node, with a link that it shares with nobody else. */
    private Lab.Container neighbour(String link) throws Exception {
        Lab.Container outside = lab.container();
        node("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", outside.path());
        node("ip", "link", "set", link, "up");
        in(outside, "ip", "link", "set", "eth0", "up");
        return outside;
    }

    @Test
    @DisplayName("CVE-2020-10749: a container's router advertisement changes nothing on the node")
    void cve202010749() throws Exception {
        Lab.Container container = lab.container();
        // Nothing but the link's own settings is in the way.
        add(
                "one",
                container,
                config(",\"macspoofchk\":false"
                        + ipam("[{\"subnet\":\"10.22.0.0/24\"}],[{\"subnet\":\"fd00:22::/64\"}]")));
        Lab.Container outside = neighbour("credulous");
        // The node routes by now, and a router believes an advertisement only where it is told to.
        node("sh", "-c", "echo 2 > /proc/sys/net/ipv6/conf/credulous/accept_ra");
        String routes = node("ip", "-6", "route", "show", "default");
        in(container, "python3", script.toString(), "advertise", "eth0");
        in(outside, "python3", script.toString(), "advertise", "eth0");
        await(
                "the other link's advertisement is believed",
                () -> node("ip", "-6", "route", "show", "default").contains("credulous"));
        assertThat(routes).isEmpty();
        assertThat(node("ip", "-6", "route").lines().filter(line -> !line.contains("credulous")))
                .noneMatch(line -> line.contains("proto ra") || line.contains("2001:db8:bad"));
        assertThat(node("ip", "-6", "addr", "show", "dev", "cni0")).doesNotContain("2001:db8:bad");
    }

    @Test
    @DisplayName("CVE-2020-8558: a container's packet to 127.0.0.1 does not reach the node's loopback")
    void cve20208558() throws Exception {
        Lab.Container container = lab.container();
        add("one", container, config(ipam("[{\"subnet\":\"10.22.0.0/24\"}]")));
        Path seen = directory.resolve("seen");
        Process listener = new ProcessBuilder(
                        "nsenter",
                        "--net=" + lab.nodePath(),
                        "python3",
                        script.toString(),
                        "listen",
                        "5000",
                        seen.toString(),
                        "127.0.0.1",
                        "10.22.0.1")
                .inheritIO()
                .start();
        try {
            await("somebody listens", () -> Files.exists(seen));
            String host = mac("cni0");
            in(container, "python3", script.toString(), "datagram", "eth0", host, "10.22.0.2", "127.0.0.1", "5000");
            in(container, "python3", script.toString(), "datagram", "eth0", host, "10.22.0.2", "10.22.0.1", "5000");
            await(
                    "the gateway's address is reached",
                    () -> Files.readString(seen).contains("10.22.0.1"));
            assertThat(Files.readString(seen)).doesNotContain("127.0.0.1");
        } finally {
            listener.destroyForcibly().waitFor();
        }
    }

    @Test
    @DisplayName(
            "CVE-2025-54388: what was published for one address is published for no other after a firewall's reload")
    void cve202554388() throws Exception {
        Lab.Container outside = neighbour("uplink");
        node("ip", "addr", "add", "192.0.2.1/24", "dev", "uplink");
        node("ip", "addr", "add", "198.51.100.1/24", "dev", "uplink");
        in(outside, "ip", "addr", "add", "192.0.2.2/24", "dev", "eth0");
        in(outside, "ip", "addr", "add", "198.51.100.2/24", "dev", "eth0");
        Lab.Container one = lab.container();
        Lab.Container two = lab.container();
        String published = config(ipam("[{\"subnet\":\"10.22.0.0/24\"}]")
                + ",\"runtimeConfig\":{\"portMappings\":[{\"hostIP\":\"192.0.2.1\",\"hostPort\":8080,"
                + "\"containerPort\":80,\"protocol\":\"tcp\"}]}");
        add("one", one, published);
        add("two", two, config(ipam("[{\"subnet\":\"10.22.0.0/24\"}]")));
        Path ready = directory.resolve("ready");
        Process server = new ProcessBuilder(
                        "nsenter", "--net=" + one.path(), "python3", script.toString(), "serve", "80", ready.toString())
                .inheritIO()
                .start();
        Path recorded = directory.resolve("recorded.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("podnet.RulesMended");
            recording.start();
            await("the server listens", () -> Files.exists(ready));
            requirePublishedOnce(outside);
            String before = Snapshot.ofRules(lab.rules());
            assertThat(before).contains("tcp . 192.0.2.1 . 8080").contains("forged");

            // firewalld with its iptables backend, and what is left of a table that was emptied, and everything.
            for (List<String> reload : List.of(
                    List.of("sh", "-c", "iptables -F && iptables -t nat -F && iptables -t raw -F && iptables -X"),
                    List.of("nft", "flush", "table", "bridge", "podnet-cni-net"),
                    List.of("nft", "flush", "ruleset"))) {
                node(reload.toArray(String[]::new));
                await(reload + " is mended", () -> Snapshot.ofRules(lab.rules()).equals(before));
                requirePublishedOnce(outside);
            }
            // A container that comes in the middle of it.
            node("nft", "flush", "ruleset");
            Lab.Container three = lab.container();
            add("three", three, config(ipam("[{\"subnet\":\"10.22.0.0/24\"}]")));
            assertThat(lab.reaches(two, three, "10.22.0.4")).isTrue();
            assertThat(lab.podnet("DEL", "three", three.path(), config(ipam("[{\"subnet\":\"10.22.0.0/24\"}]")))
                            .code())
                    .isZero();
            await("the rules are as before", () -> Snapshot.ofRules(lab.rules()).equals(before));
            recording.stop();
            recording.dump(recorded);
        } finally {
            server.destroyForcibly().waitFor();
        }
        assertThat(RecordingFile.readAllEvents(recorded))
                .filteredOn(event -> event.getEventType().getName().equals("podnet.RulesMended"))
                .isNotEmpty()
                .allMatch(event -> event.getString("bridge").equals("cni0"));
        assertThat(lab.podnet("DEL", "one", one.path(), published).code()).isZero();
        assertThat(lab.podnet("DEL", "two", two.path(), published).code()).isZero();
        assertThat(lab.rules()).as("nothing comes back without containers").doesNotContain("podnet");
    }

    private void requirePublishedOnce(Lab.Container outside) throws Exception {
        assertThat(in(outside, "python3", script.toString(), "connect", "192.0.2.1", "8080"))
                .isEqualTo("hello\n");
        assertThat(in(outside, "python3", script.toString(), "connect", "198.51.100.1", "8080"))
                .isEqualTo("refused\n");
        assertThat(node("python3", script.toString(), "connect", "127.0.0.1", "8080"))
                .isEqualTo("refused\n");
    }

    @Test
    @DisplayName("CVE-2025-54410: containers that are kept apart stay so when the rules are gone")
    void cve202554410() throws Exception {
        Lab.Container one = lab.container();
        Lab.Container two = lab.container();
        String config = config(",\"portIsolation\":true" + ipam("[{\"subnet\":\"10.22.0.0/24\"}]"));
        add("one", one, config);
        add("two", two, config);
        for (String reload : List.of("true", "nft flush ruleset")) {
            node("sh", "-c", reload);
            Path seen = directory.resolve("seen-" + reload.length());
            Process listener = new ProcessBuilder(
                            "nsenter",
                            "--net=" + two.path(),
                            "python3",
                            script.toString(),
                            "listen",
                            "5000",
                            seen.toString(),
                            "10.22.0.3")
                    .inheritIO()
                    .start();
            try {
                await("somebody listens", () -> Files.exists(seen));
                String other =
                        two.route().links().get("eth0").mac().orElseThrow().toString();
                in(one, "python3", script.toString(), "datagram", "eth0", other, "10.22.0.2", "10.22.0.3", "5000");
                // The gateway may, by the same port.
                node("python3", script.toString(), "datagram", "cni0", other, "10.22.0.1", "10.22.0.3", "5000");
                await("the gateway reaches it", () -> Files.readString(seen).contains("10.22.0.1"));
                assertThat(Files.readString(seen)).doesNotContain("10.22.0.2");
            } finally {
                listener.destroyForcibly().waitFor();
            }
        }
    }
}
