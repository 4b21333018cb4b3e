package io.podnet.cni.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.PodnetException;
import io.podnet.cni.plugin.PodnetPlugin;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What went wrong in others' plugins and must not here, by its CVE number or name. */
class SecurityTest {
    @TempDir
    private Path directory = Path.of("");

    private Lab lab;

    @BeforeEach
    void open() {
        lab = new Lab(directory);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private String config(String keys) {
        return "{\"cniVersion\":\"1.0.0\",\"name\":\"net\",\"type\":\"podnet-cni\",\"isDefaultGateway\":true,"
                + "\"ipMasq\":true,\"ipam\":{\"type\":\"host-local\",\"dataDir\":\"" + lab.leases()
                + "\",\"subnet\":\"10.22.0.0/24\"}" + keys + "}";
    }

    private String setting(String path, String name) throws Exception {
        return lab.run(Map.of(), "", "cat", "/proc/sys/net/" + path.replace("NAME", name))
                .text()
                .strip();
    }

    private void nothingHappened() throws Exception {
        assertThat(lab.files()).isEmpty();
        assertThat(lab.route().links().list()).extracting(link -> link.name()).containsExactly("lo");
        assertThat(lab.rules()).doesNotContain("podnet");
    }

    @Test
    void cve202010749AndCve202432473NoAdvertisementIsListenedToAndNoIpv6IsLeftOn() throws Exception {
        Lab.Container container = lab.container();
        assertThat(lab.podnet("ADD", "one", container.path(), config("")).code())
                .isZero();
        String host = lab.route().links().list().stream()
                .map(link -> link.name())
                .filter(name -> name.startsWith("pn"))
                .findFirst()
                .orElseThrow();
        for (String link : List.of("cni0", host)) {
            assertThat(setting("ipv6/conf/NAME/accept_ra", link)).as(link).isEqualTo("0");
            assertThat(setting("ipv6/conf/NAME/disable_ipv6", link)).as(link).isEqualTo("1");
        }
        assertThat(container
                        .route()
                        .addresses()
                        .list(container.route().links().get("eth0").index()))
                .extracting(address -> address.address().toString())
                .containsExactly("10.22.0.2/24");
    }

    @Test
    void cve20208558LoopbackIsNotRouted() throws Exception {
        Lab.Container container = lab.container();
        String published = config(
                ",\"runtimeConfig\":{\"portMappings\":[{\"hostPort\":80,\"containerPort\":80,\"protocol\":\"tcp\"}]}");
        assertThat(lab.podnet("ADD", "one", container.path(), published).code()).isZero();
        for (String link : List.of("all", "default", "cni0")) {
            assertThat(setting("ipv4/conf/NAME/route_localnet", link)).as(link).isEqualTo("0");
        }
        String loopback = published.replace("\"hostPort\":80", "\"hostIP\":\"127.0.0.1\",\"hostPort\":81");
        Lab.Output refused = lab.podnet("ADD", "two", lab.container().path(), loopback);
        assertThat(refused.code()).as(refused.text()).isNotZero();
        assertThat(lab.files()).hasSize(2).noneMatch(name -> name.contains("/two@"));
    }

    @Test
    void cve202567499AndCve20199946PublishedPortsAreThoseOfThisNodeAndComeAfterServices() throws Exception {
        Lab.Container container = lab.container();
        assertThat(lab.podnet(
                                "ADD",
                                "one",
                                container.path(),
                                config(
                                        ",\"runtimeConfig\":{\"portMappings\":[{\"hostPort\":53,\"containerPort\":53,\"protocol\":\"udp\"}]}"))
                        .code())
                .isZero();
        String rules = lab.rules();
        assertThat(rules).contains("udp . 53");
        assertThat(rules.lines().filter(line -> line.contains("jump host-ports")))
                .hasSize(2)
                .allMatch(line -> line.contains("fib daddr type local"));
        assertThat(rules).contains("type nat hook prerouting priority dstnat + 10");
    }

    @Test
    void cve202120206NamesReachNoPath() throws Exception {
        String path = lab.container().path();
        for (String id : List.of("../../x", "..", "a/b", "a b", "a\nb", "-rf", "x".repeat(300))) {
            assertThat(lab.podnet("ADD", id, path, config("")).code()).as(id).isNotZero();
            assertThat(lab.podnet("DEL", id, "", config("")).code()).as(id).isNotZero();
        }
        for (String ifName : List.of("../x", "..", "a/b", "a:b", "a b", "sixteen-chars-xx", "-x")) {
            assertThat(lab.podnet("ADD", "one", path, config(""), "CNI_IFNAME=" + ifName)
                            .code())
                    .as(ifName)
                    .isNotZero();
        }
        for (String name : List.of("../x", "..", "", "a/b", "a\\u0000b")) {
            assertThat(lab.podnet("ADD", "one", path, config("").replace("\"net\"", "\"" + name + "\""))
                            .code())
                    .as(name)
                    .isNotZero();
        }
        for (String type : List.of("../host-local", "/usr/lib/cni/host-local", "..", "absent", "dhcp")) {
            assertThat(lab.podnet("ADD", "one", path, config("").replace("host-local", type))
                            .code())
                    .as(type)
                    .isNotZero();
        }
        for (String bridge : List.of("../x", "a/b", "x".repeat(16), "a b", "a+b=c\\n/")) {
            // CVE-2022-0811: a link's name is part of a setting's path.
            assertThat(lab.podnet("ADD", "one", path, config(",\"bridge\":\"" + bridge + "\""))
                            .code())
                    .as(bridge)
                    .isNotZero();
        }
        nothingHappened();
    }

    @Test
    void netnsPathInjection() throws Exception {
        Path plain = Files.writeString(directory.resolve("plain"), "x");
        Path dangling = Files.createSymbolicLink(directory.resolve("dangling"), directory.resolve("absent"));
        Path fifo = directory.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        for (String path : List.of(
                plain.toString(),
                dangling.toString(),
                fifo.toString(),
                directory.toString(),
                "/dev/zero",
                "/proc/self/ns/mnt",
                "/proc/1/ns/net",
                lab.nodePath(),
                "/proc/self/ns/net",
                "relative",
                "/absent")) {
            Lab.Output add = lab.podnet("ADD", "one", path, config(""));
            assertThat(add.code()).as(path + add.text()).isNotZero();
            assertThat(lab.podnet("DEL", "one", path, config("")).code())
                    .as("what is no container any more is deleted: " + path)
                    .isZero();
        }
        assertThat(lab.files()).isEmpty();
    }

    @Test
    void cve202015257TheSocketIsForItsOwner() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(lab.socket())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(lab.socket().getParent())))
                .isEqualTo("rwx------");
        // No abstract socket, which every container in the node's namespace could reach.
        assertThat(Files.readString(Path.of("/proc/net/unix"))).doesNotContain("@podnet");
        // Somebody else gets nowhere, even where the directory lets him in.
        Files.setPosixFilePermissions(lab.socket().getParent(), PosixFilePermissions.fromString("rwx--x--x"));
        Files.setPosixFilePermissions(lab.socket(), PosixFilePermissions.fromString("rw-rw-rw-"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Lab.Output stranger = lab.run(
                Map.of(
                        "CNI_COMMAND", "ADD",
                        "CNI_CONTAINERID", "one",
                        "CNI_NETNS", lab.container().path(),
                        "CNI_IFNAME", "eth0",
                        "CNI_PATH", "/opt"),
                config(""),
                "setpriv",
                "--reuid=65534",
                "--clear-groups",
                lab.bin().resolve("podnet-cni").toString());
        assertThat(stranger.code()).as(stranger.text()).isNotZero();
        nothingHappened();
    }

    @Test
    void filePermissions() throws Exception {
        assertThat(lab.podnet("ADD", "one", lab.container().path(), config("")).code())
                .isZero();
        try (Stream<Path> all = Files.walk(lab.state())) {
            assertThat(all)
                    .allSatisfy(path -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                            .as(path.toString())
                            .endsWith("------"));
        }
        Path open = Files.createDirectory(directory.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwx---"));
        assertThatThrownBy(() -> PodnetPlugin.open(open, Optional.empty())).isInstanceOf(PodnetException.Invalid.class);
    }

    @Test
    void boundedInput() throws Exception {
        Lab.Output large = lab.podnet(
                "ADD", "one", lab.container().path(), config(",\"x\":\"" + "y".repeat((1 << 20) + 1) + "\""));
        assertThat(large.code()).isNotZero();
        Lab.Output deep = lab.podnet(
                "ADD", "one", lab.container().path(), config(",\"x\":" + "[".repeat(10_000) + "]".repeat(10_000)));
        assertThat(deep.code()).isNotZero();
        // What is no request is hung up on, and the next one is answered.
        for (byte[] bytes : List.of(
                new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16},
                new byte[] {'P', 'N', 'C', '1', -1, -1, -1, 127, 0, 0, 0, 0, 0, 0, 0, 0})) {
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(lab.socket()))) {
                channel.write(ByteBuffer.wrap(bytes));
                assertThat(hungUp(channel)).isTrue();
            }
        }
        assertThat(lab.podnet("ADD", "one", lab.container().path(), config("")).code())
                .isZero();
    }

    private static boolean hungUp(SocketChannel channel) {
        try {
            return channel.read(ByteBuffer.allocate(1)) < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void spoofing() throws Exception {
        Lab.Container one = lab.container();
        Lab.Container two = lab.container();
        assertThat(lab.podnet("ADD", "one", one.path(), config("")).code()).isZero();
        assertThat(lab.podnet("ADD", "two", two.path(), config("")).code()).isZero();
        assertThat(lab.reaches(one, two, "10.22.0.3")).isTrue();
        assertThat(lab.rules())
                .containsPattern("\"pn[0-9a-f]{12}\" \\. [0-9a-f:]{17} \\. 10\\.22\\.0\\.2 comment \"one/eth0\"")
                .contains("forged ARP sender");
    }
}
