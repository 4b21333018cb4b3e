package io.podnet.cni.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The executable's verbs, with the daemon and without, on the real kernel. */
class PluginTest {
    private static final ObjectMapper JSON = new ObjectMapper();

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

    private String config(String version, String keys) {
        return "{\"cniVersion\":\"" + version + "\",\"name\":\"net\",\"type\":\"podnet-cni\",\"isGateway\":true,"
                + "\"ipMasq\":true,\"hairpinMode\":true,\"ipam\":{\"type\":\"host-local\",\"dataDir\":\"" + lab.leases()
                + "\",\"subnet\":\"10.22.0.0/24\",\"routes\":[{\"dst\":\"0.0.0.0/0\"}]}" + keys + "}";
    }

    private JsonNode done(Lab.Output output) throws Exception {
        assertThat(output.code()).as(output.text()).isZero();
        return JSON.readTree(output.text());
    }

    private int refused(Lab.Output output) throws Exception {
        assertThat(output.code()).as(output.text()).isNotZero();
        return JSON.readTree(output.text()).path("code").asInt();
    }

    private static String withPrevious(String config, JsonNode result) throws Exception {
        ObjectNode json = (ObjectNode) JSON.readTree(config);
        json.set("prevResult", result);
        return json.toString();
    }

    @Test
    void containersReachEachOtherUntilTheyAreGone() throws Exception {
        String config = config("1.0.0", "");
        Lab.Container one = lab.container();
        Lab.Container two = lab.container();
        JsonNode first = done(lab.podnet("ADD", "one", one.path(), config));
        done(lab.podnet("ADD", "two", two.path(), config));
        assertThat(first.at("/ips/0/address").asText()).isEqualTo("10.22.0.2/24");
        assertThat(lab.reaches(one, two, "10.22.0.3")).isTrue();
        assertThat(lab.reaches(two, one, "10.22.0.2")).isTrue();

        String known = withPrevious(config, first);
        assertThat(lab.podnet("CHECK", "one", one.path(), known).code()).isZero();
        one.route().addresses().list(one.route().links().get("eth0").index()).stream()
                .filter(address -> address.address().toString().equals("10.22.0.2/24"))
                .forEach(address -> one.route().addresses().delete(address.linkIndex(), address.address()));
        assertThat(refused(lab.podnet("CHECK", "one", one.path(), known))).isEqualTo(103);

        // DEL with the namespace, without, and once more.
        assertThat(lab.podnet("DEL", "one", one.path(), config).code()).isZero();
        assertThat(lab.podnet("DEL", "two", "", config).code()).isZero();
        assertThat(lab.podnet("DEL", "two", "/run/netns/absent", config).code()).isZero();
        assertThat(lab.files()).isEmpty();
        assertThat(lab.rules()).doesNotContain("podnet");
        assertThat(lab.route().links().list()).extracting(link -> link.name()).containsExactly("lo", "cni0");
    }

    @Test
    void theSameContainerComesBackAtOnce() throws Exception {
        String config = config("0.4.0", "");
        Lab.Container keeper = lab.container();
        Lab.Container container = lab.container();
        done(lab.podnet("ADD", "keeper", keeper.path(), config));
        for (int i = 0; i < 3; i++) {
            JsonNode result = done(lab.podnet("ADD", "one", container.path(), config));
            assertThat(refused(lab.podnet("ADD", "one", container.path(), config)))
                    .isEqualTo(101);
            String ip = result.at("/ips/0/address").asText().replace("/24", "");
            assertThat(lab.reaches(keeper, container, ip)).isTrue();
            assertThat(lab.podnet("DEL", "one", container.path(), config).code())
                    .isZero();
        }
        // A runtime that lost its DEL, and the namespace with it.
        done(lab.podnet("ADD", "one", container.path(), config));
        Lab.Container again = lab.container();
        done(lab.podnet("ADD", "one", again.path(), config));
        assertThat(lab.files()).filteredOn(name -> name.contains("attachments")).hasSize(2);
        assertThat(lab.files()).filteredOn(name -> name.startsWith("leases")).hasSize(2);
    }

    @Test
    void manyContainersComeTogether() throws Exception {
        String config = config("1.0.0", "");
        List<Lab.Container> containers =
                Stream.generate(lab::container).limit(12).toList();
        List<CompletableFuture<Lab.Output>> adds = new ArrayList<>();
        for (int i = 0; i < containers.size(); i++) {
            String id = "c" + i;
            String path = containers.get(i).path();
            adds.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return lab.podnet("ADD", id, path, config);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        List<String> addresses = new ArrayList<>();
        for (CompletableFuture<Lab.Output> add : adds) {
            addresses.add(done(add.join()).at("/ips/0/address").asText());
        }
        assertThat(addresses).doesNotHaveDuplicates().hasSize(12);
    }

    @Test
    void aDeleteWhileTheDaemonIsAwayIsDoneWhenItIsBack() throws Exception {
        String config = config("1.0.0", "");
        Lab.Container one = lab.container();
        Lab.Container two = lab.container();
        done(lab.podnet("ADD", "one", one.path(), config));
        done(lab.podnet("ADD", "two", two.path(), config));
        lab.stopDaemon();
        assertThat(lab.podnet("DEL", "one", one.path(), config)).isEqualTo(new Lab.Output(0, ""));
        assertThat(lab.podnet("DEL", "one", one.path(), config)).isEqualTo(new Lab.Output(0, ""));
        assertThat(lab.files())
                .filteredOn(name -> name.contains("/pending/"))
                .as("one call is one file, however often it comes")
                .hasSize(1);
        Files.writeString(lab.state().resolve("pending/del-0000000000000000"), "garbage");

        lab.startDaemon();
        assertThat(lab.files()).hasSize(2).noneMatch(name -> name.contains("/one@"));
        assertThat(lab.podnet("DEL", "two", two.path(), config).code()).isZero();
        assertThat(lab.files()).isEmpty();
    }

    @Test
    void withoutTheDaemonAProcessOfItsOwnSharesItsState() throws Exception {
        String config = config("1.0.0", "");
        Lab.Container one = lab.container();
        Lab.Container two = lab.container();
        done(lab.podnet("ADD", "one", one.path(), config));
        lab.stopDaemon();
        lab.podnet("DEL", "one", one.path(), config);
        // Comes after the delete that waits, or the container would lose its network with it.
        JsonNode again = done(lab.podnet("ADD", "one", one.path(), config));
        JsonNode other = done(lab.podnet("ADD", "two", two.path(), config));
        assertThat(lab.files()).noneMatch(name -> name.contains("/pending/"));
        String ip = other.at("/ips/0/address").asText().replace("/24", "");
        assertThat(lab.reaches(one, two, ip)).isTrue();
        assertThat(lab.podnet("CHECK", "one", one.path(), withPrevious(config, again))
                        .code())
                .isZero();

        lab.startDaemon();
        assertThat(lab.podnet("DEL", "one", one.path(), config).code()).isZero();
        assertThat(lab.podnet("DEL", "two", two.path(), config).code()).isZero();
        assertThat(lab.files()).isEmpty();
    }

    @Test
    void garbageIsCollectedAndStatusTold() throws Exception {
        String config = config("1.1.0", "");
        Lab.Container one = lab.container();
        Lab.Container two = lab.container();
        assertThat(lab.podnet("STATUS", "", "", config).code()).isZero();
        done(lab.podnet("ADD", "one", one.path(), config));
        done(lab.podnet("ADD", "two", two.path(), config));
        assertThat(lab.podnet("STATUS", "", "", config).code()).isZero();
        String valid =
                config("1.1.0", ",\"cni.dev/valid-attachments\":[{\"containerID\":\"one\",\"ifname\":\"eth0\"}]");
        Lab.Output collected = lab.podnet("GC", "", "", valid);
        assertThat(collected.code()).as(collected.text()).isZero();
        assertThat(lab.files()).hasSize(2).noneMatch(name -> name.contains("/two@"));
        assertThat(lab.podnet("GC", "", "", config).code()).isZero();
        assertThat(lab.files()).as("a forgotten list removes nothing").hasSize(2);
        assertThat(refused(lab.podnet("GC", "", "", config("1.0.0", "")))).isEqualTo(1);
        assertThat(refused(lab.podnet("STATUS", "", "", config("1.0.0", "")))).isEqualTo(1);
        assertThat(lab.podnet("GC", "", "", config("1.1.0", ",\"cni.dev/valid-attachments\":[]"))
                        .code())
                .isZero();
        assertThat(lab.files()).isEmpty();
    }

    @Test
    void whatIsPublishedAndLimited() throws Exception {
        String asks =
                ",\"runtimeConfig\":{\"portMappings\":[{\"hostPort\":8080,\"containerPort\":80,\"protocol\":\"tcp\"}],"
                        + "\"bandwidth\":{\"ingressRate\":8000000,\"ingressBurst\":8000000,\"egressRate\":4000000,"
                        + "\"egressBurst\":4000000}}";
        Lab.Container one = lab.container();
        Lab.Container two = lab.container();
        done(lab.podnet("ADD", "one", one.path(), config("1.0.0", asks)));
        assertThat(lab.rules()).contains("tcp . 8080 comment \"one/eth0\" : 10.22.0.2 . 80");
        String shaping = lab.run(Map.of(), "", "tc", "qdisc", "show").text();
        assertThat(shaping).contains("tbf").contains("rate 8Mbit").contains("rate 4Mbit");
        Lab.Output taken = lab.podnet("ADD", "two", two.path(), config("1.0.0", asks));
        assertThat(refused(taken)).as(taken.text()).isEqualTo(101);
        assertThat(lab.podnet("DEL", "one", one.path(), config("1.0.0", asks)).code())
                .isZero();
        done(lab.podnet("ADD", "two", two.path(), config("1.0.0", asks)));
        assertThat(lab.podnet("DEL", "two", "", config("1.0.0", asks)).code()).isZero();
        assertThat(lab.route().links().list()).extracting(link -> link.name()).containsExactly("lo", "cni0");
    }

    @Test
    void twoNetworksShareABridgeAndAContainerOfTheReferenceIsTakenOver() throws Exception {
        String old = config("0.4.0", "").replace("podnet-cni", "bridge");
        Lab.Container one = lab.container();
        Lab.Container two = lab.container();
        assertThat(lab.call(Path.of("/usr/lib/cni/bridge"), "ADD", "one", one.path(), old)
                        .code())
                .isZero();
        String mac = lab.route().links().get("cni0").mac().orElseThrow().toString();
        done(lab.podnet("ADD", "two", two.path(), config("0.4.0", "")));
        assertThat(lab.route().links().get("cni0").mac().orElseThrow()).hasToString(mac);
        assertThat(lab.reaches(one, two, "10.22.0.3")).isTrue();
        Lab.Container three = lab.container();
        String second = config("0.4.0", "")
                .replace("\"net\"", "\"other\"")
                .replace("10.22.0.0/24", "fd00:22::/64")
                .replace("0.0.0.0/0", "::/0");
        done(lab.podnet("ADD", "three", three.path(), second));
        assertThat(lab.podnet("DEL", "three", three.path(), second).code()).isZero();
        assertThat(lab.reaches(two, one, "10.22.0.2"))
                .as("the other network's end changes nothing")
                .isTrue();
        assertThat(lab.rules()).contains("podnet-cni-net").doesNotContain("podnet-cni-other");

        assertThat(lab.podnet("DEL", "one", one.path(), config("0.4.0", "")).code())
                .isZero();
        assertThat(lab.podnet("DEL", "two", two.path(), config("0.4.0", "")).code())
                .isZero();
        assertThat(lab.files()).isEmpty();
        assertThat(lab.route().links().list()).extracting(link -> link.name()).containsExactly("lo", "cni0");
    }

    @Test
    void routesAndResolverOfTheResult() throws Exception {
        // Both are beyond Debian's 1.1.1: it fails at the second default route, and forgets what host-local says.
        Path resolv = Files.writeString(
                directory.resolve("resolv.conf"),
                "nameserver 192.0.2.53\nsearch a.example b.example\noptions ndots:5\n# no\n");
        String config = config("1.0.0", ",\"isDefaultGateway\":true")
                .replace("\"subnet\"", "\"resolvConf\":\"" + resolv + "\",\"subnet\"");
        Lab.Container container = lab.container();
        JsonNode result = done(lab.podnet("ADD", "one", container.path(), config));
        assertThat(result.path("dns"))
                .hasToString("{\"nameservers\":[\"192.0.2.53\"],\"search\":[\"a.example\",\"b.example\"],"
                        + "\"options\":[\"ndots:5\"]}");
        assertThat(result.path("routes"))
                .hasToString("[{\"dst\":\"0.0.0.0/0\"},{\"dst\":\"0.0.0.0/0\",\"gw\":\"10.22.0.1\"}]");
        assertThat(Snapshot.of(container.route()))
                .filteredOn(line -> line.contains("0.0.0.0/0"))
                .hasSize(1);
    }

    @Test
    void anotherIpamPluginGetsBackWhatItGave() throws Exception {
        Path asked = directory.resolve("asked");
        Path ipam = Files.writeString(
                lab.bin().resolve("recorder"),
                "#!/bin/sh\ncat > /dev/null\necho $CNI_COMMAND $CNI_CONTAINERID $CNI_IFNAME >> " + asked + "\n"
                        + "[ $CNI_COMMAND != ADD ] || echo '{\"cniVersion\":\"1.0.0\",\"ips\":[{\"address\":"
                        + "\"10.60.0.5/24\",\"gateway\":\"10.60.0.1\"}],\"routes\":[{\"dst\":\"0.0.0.0/0\"}]}'\n");
        Files.setPosixFilePermissions(ipam, PosixFilePermissions.fromString("rwxr-xr-x"));
        String config = "{\"cniVersion\":\"1.1.0\",\"name\":\"net\",\"type\":\"podnet-cni\",\"isGateway\":true,"
                + "\"ipMasq\":true,\"ipam\":{\"type\":\"recorder\"},\"runtimeConfig\":{\"portMappings\":["
                + "{\"hostPort\":8080,\"containerPort\":80,\"protocol\":\"tcp\"}]}}";
        Lab.Container one = lab.container();
        JsonNode result = done(lab.podnet("ADD", "one", one.path(), config));
        assertThat(result.at("/ips/0/address").asText()).isEqualTo("10.60.0.5/24");
        assertThat(result.at("/ips/0/interface").asInt()).isEqualTo(2);
        assertThat(lab.rules()).contains("tcp . 8080").contains("10.60.0.5");
        assertThat(refused(lab.podnet("ADD", "one", one.path(), config))).isEqualTo(101);
        assertThat(Files.readString(asked)).as("a second ADD asks for nothing").isEqualTo("ADD one eth0\n");
        assertThat(lab.podnet("CHECK", "one", one.path(), withPrevious(config, result))
                        .code())
                .isZero();
        // The port is one's: what two was given goes back.
        Lab.Container two = lab.container();
        assertThat(refused(lab.podnet("ADD", "two", two.path(), config))).isEqualTo(101);
        lab.stopDaemon();
        lab.startDaemon();
        assertThat(lab.podnet("DEL", "one", "", config).code()).isZero();
        assertThat(lab.podnet("DEL", "one", "", config).code()).isZero();
        assertThat(lab.podnet("STATUS", "", "", config).code()).isZero();
        assertThat(Files.readAllLines(asked))
                .containsExactly(
                        "ADD one eth0",
                        "CHECK one eth0",
                        "ADD two eth0",
                        "DEL two eth0",
                        "DEL one eth0",
                        "DEL one eth0",
                        "STATUS eth0");
        assertThat(lab.files()).isEmpty();
        assertThat(lab.rules()).doesNotContain("podnet");
        assertThat(lab.route().links().list()).extracting(link -> link.name()).containsExactly("lo", "cni0");
        // What it refuses is told on, with its own code.
        Files.writeString(ipam, "#!/bin/sh\ncat > /dev/null\necho '{\"code\":120,\"msg\":\"no more\"}'; exit 1\n");
        assertThat(refused(lab.podnet("ADD", "one", one.path(), config))).isEqualTo(120);
        assertThat(lab.files()).isEmpty();
    }

    @Test
    void aContainersInterfaceIsLeftDownWhereItIsSaidSo() throws Exception {
        String config = "{\"cniVersion\":\"1.1.0\",\"name\":\"net\",\"type\":\"podnet-cni\","
                + "\"disableContainerInterface\":true}";
        Lab.Container container = lab.container();
        JsonNode result = done(lab.podnet("ADD", "one", container.path(), config));
        assertThat(container.route().links().get("eth0").isUp()).isFalse();
        assertThat(lab.podnet("CHECK", "one", container.path(), withPrevious(config, result))
                        .code())
                .isZero();
        assertThat(lab.podnet("DEL", "one", container.path(), config).code()).isZero();
        assertThat(refused(lab.podnet(
                        "ADD", "one", container.path(), config("1.1.0", ",\"disableContainerInterface\":true"))))
                .isEqualTo(7);
        assertThat(lab.files()).isEmpty();
    }

    @Test
    void everyVersionAndNoOther() throws Exception {
        JsonNode versions = done(lab.podnet("VERSION", "", "", "{\"cniVersion\":\"1.1.0\"}"));
        assertThat(versions.path("supportedVersions")).hasSize(5);
        Lab.Container container = lab.container();
        for (JsonNode version : versions.path("supportedVersions")) {
            JsonNode result = done(lab.podnet("ADD", "one", container.path(), config(version.asText(), "")));
            assertThat(result.path("cniVersion").asText()).isEqualTo(version.asText());
            assertThat(result.at("/ips/0").has("version"))
                    .isEqualTo(version.asText().startsWith("0."));
            assertThat(lab.podnet("DEL", "one", container.path(), config(version.asText(), ""))
                            .code())
                    .isZero();
        }
        assertThat(refused(lab.podnet("ADD", "one", container.path(), config("0.2.0", ""))))
                .isEqualTo(1);
        assertThat(refused(lab.podnet("ADD", "one", container.path(), config("9.0.0", ""))))
                .isEqualTo(1);
        assertThat(refused(lab.podnet("ADD", "one", container.path(), config("1.0.0", ",\"vlan\":7"))))
                .isEqualTo(2);
        assertThat(refused(lab.podnet("ADD", "one", container.path(), "{"))).isEqualTo(6);
        assertThat(refused(lab.podnet("ADD", "one", container.path(), config("1.0.0", ""), "CNI_IFNAME=")))
                .isEqualTo(4);
        assertThat(lab.files()).isEmpty();
    }
}
