package io.podnet.cni.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podnet.api.IpFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DEL when what it is called with, or what it finds, is no longer what ADD left; and several networks in one container. */
class LostAndFoundTest {
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

    private String config(String name, String bridge, String subnet, String keys) {
        return "{\"cniVersion\":\"1.0.0\",\"name\":\"" + name + "\",\"type\":\"podnet-cni\",\"bridge\":\"" + bridge
                + "\",\"isGateway\":true,\"ipMasq\":true,\"ipam\":{\"type\":\"host-local\",\"dataDir\":\""
                + lab.leases()
                + "\",\"subnet\":\"" + subnet + "\",\"routes\":[{\"dst\":\""
                + (subnet.contains(":") ? "::/0" : "0.0.0.0/0") + "\"}]}" + keys + "}";
    }

    private String config() {
        return config("net", "cni0", "10.22.0.0/24", "");
    }

    private JsonNode done(Lab.Output output) throws IOException {
        assertThat(output.code()).as(output.text()).isZero();
        return JSON.readTree(output.text());
    }

    private int refused(Lab.Output output) throws IOException {
        assertThat(output.code()).as(output.text()).isNotZero();
        return JSON.readTree(output.text()).path("code").asInt();
    }

    private static String withPrevious(String config, JsonNode result) throws IOException {
        ObjectNode json = (ObjectNode) JSON.readTree(config);
        json.set("prevResult", result);
        return json.toString();
    }

    private List<String> links() {
        return lab.route().links().list().stream().map(link -> link.name()).toList();
    }

    private List<String> addressesOf(String bridge) {
        return lab.route().addresses().list(lab.route().links().get(bridge).index()).stream()
                .map(address -> address.address().toString())
                .filter(address -> !address.startsWith("fe80"))
                .toList();
    }

    @Test
    void anInterfaceIsOfOneNetworkAndAnotherOnesAddAndDelLeaveItAlone() throws Exception {
        Lab.Container container = lab.container();
        String other = config("other", "cni1", "10.23.0.0/24", "");
        JsonNode result = done(lab.podnet("ADD", "one", container.path(), config()));
        assertThat(refused(lab.podnet("ADD", "one", container.path(), other))).isEqualTo(101);
        assertThat(lab.podnet("DEL", "one", container.path(), other).code()).isZero();
        Lab.Output check = lab.podnet("CHECK", "one", container.path(), withPrevious(config(), result));
        assertThat(check.code()).as(check.text()).isZero();

        // The container comes back elsewhere, in another network, and its runtime forgot the DEL.
        Lab.Container again = lab.container();
        done(lab.podnet("ADD", "one", again.path(), other));
        assertThat(lab.files()).hasSize(2).allMatch(name -> name.contains("other"));
        assertThat(lab.podnet("DEL", "one", container.path(), config()).code()).isZero();
        assertThat(again.route().links().find("eth0")).isPresent();
        assertThat(lab.podnet("DEL", "one", again.path(), other).code()).isZero();
        assertThat(lab.files()).isEmpty();
    }

    @Test
    void twoNetworksOfAContainerMayBothHaveADefaultRoute() throws Exception {
        Lab.Container container = lab.container();
        for (List<String> subnets :
                List.of(List.of("10.22.0.0/24", "10.23.0.0/24"), List.of("fd00:22::/64", "fd00:23::/64"))) {
            String one = config("net", "b0" + subnets.get(0).charAt(0), subnets.get(0), "");
            String two = config("other", "b1" + subnets.get(0).charAt(0), subnets.get(1), "");
            JsonNode first = done(lab.podnet("ADD", "one", container.path(), one));
            JsonNode second = done(lab.podnet("ADD", "one", container.path(), two, "CNI_IFNAME=eth1"));
            Lab.Output check = lab.podnet("CHECK", "one", container.path(), withPrevious(one, first));
            assertThat(check.code()).as(check.text()).isZero();
            check = lab.podnet("CHECK", "one", container.path(), withPrevious(two, second), "CNI_IFNAME=eth1");
            assertThat(check.code()).as(check.text()).isZero();
            assertThat(lab.podnet("DEL", "one", container.path(), two, "CNI_IFNAME=eth1")
                            .code())
                    .isZero();
            check = lab.podnet("CHECK", "one", container.path(), withPrevious(one, first));
            assertThat(check.code()).as(check.text()).isZero();
            assertThat(lab.podnet("DEL", "one", container.path(), one).code()).isZero();
        }
        assertThat(lab.files()).isEmpty();
    }

    @Test
    void delNeedsTheRecordAlone() throws Exception {
        Lab.Container container = lab.container();
        Path resolv = Files.writeString(directory.resolve("resolv.conf"), "nameserver 192.0.2.53\n");
        String named = config().replace("\"subnet\"", "\"resolvConf\":\"" + resolv + "\",\"subnet\"");
        done(lab.podnet("ADD", "one", container.path(), named));
        Files.delete(resolv);
        assertThat(lab.podnet("DEL", "one", container.path(), named).code()).isZero();
        assertThat(refused(lab.podnet("ADD", "one", container.path(), named))).isEqualTo(7);
        assertThat(lab.files()).isEmpty();
        for (String now : List.of(
                "{\"cniVersion\":\"1.0.0\",\"name\":\"net\",\"type\":\"podnet-cni\",\"ipam\":{\"type\":\"host-local\"}}",
                config("net", "cni0", "10.22.0.5/24", ""),
                config("net", "cni7", "10.24.0.0/24", ",\"vlan\":7"))) {
            done(lab.podnet("ADD", "one", container.path(), config()));
            assertThat(lab.podnet("DEL", "one", container.path(), now).code()).isZero();
            assertThat(lab.files()).isEmpty();
            assertThat(lab.podnet("DEL", "one", container.path(), now).code()).isZero();
            assertThat(lab.rules()).doesNotContain("podnet");
        }
        assertThat(links()).containsExactly("lo", "cni0");
    }

    @Test
    void delOfWhatNeverWasMakesNothingAndMindsNoBridge() throws Exception {
        assertThat(lab.podnet("DEL", "one", "", config()).code()).isZero();
        String none = config().replace("1.0.0", "1.1.0").replaceFirst("\\{", "{\"cni.dev/valid-attachments\":[],");
        assertThat(lab.podnet("GC", "", "", none).code()).isZero();
        assertThat(links()).containsExactly("lo");
        for (String name : List.of("-x", "eth%d", "\u00e9th0")) {
            Lab.Container container = lab.container();
            assertThat(refused(lab.podnet("ADD", "one", container.path(), config(), "CNI_IFNAME=" + name)))
                    .isPositive();
            Lab.Output deleted = lab.podnet("DEL", "one", container.path(), config(), "CNI_IFNAME=" + name);
            assertThat(deleted.code()).as(deleted.text()).isZero();
        }
        Lab.Container container = lab.container();
        done(lab.podnet("ADD", "one", container.path(), config()));
        // Another network wants the same bridge with another address.
        String other = config("other", "cni0", "10.29.0.0/24", "");
        assertThat(refused(lab.podnet("ADD", "two", lab.container().path(), other)))
                .isEqualTo(101);
        Lab.Output deleted = lab.podnet("DEL", "two", "", other);
        assertThat(deleted.code()).as(deleted.text()).isZero();
        assertThat(lab.podnet("DEL", "one", container.path(), config()).code()).isZero();
        assertThat(lab.files()).isEmpty();
    }

    @Test
    void delLeavesTheBridgeToWhoeverHasItNow() throws Exception {
        String old = config("net", "cni0", "10.22.0.0/24", ",\"forceAddress\":true");
        String now = config("net", "cni0", "10.23.0.0/24", ",\"forceAddress\":true");
        Lab.Container one = lab.container();
        Lab.Container two = lab.container();
        done(lab.podnet("ADD", "one", one.path(), old));
        JsonNode second = done(lab.podnet("ADD", "two", two.path(), now));
        assertThat(lab.podnet("DEL", "one", one.path(), old).code()).isZero();
        assertThat(addressesOf("cni0")).containsExactly("10.23.0.1/24");
        assertThat(lab.rules()).contains("10.23.0.0/24", "two/eth0").doesNotContain("10.22.0.0/24", "one/eth0");
        Lab.Output check = lab.podnet("CHECK", "two", two.path(), withPrevious(now, second));
        assertThat(check.code()).as(check.text()).isZero();

        // The bridge is somebody else's by now, and the daemon another.
        lab.stopDaemon();
        lab.run(Map.of(), "", "ip", "address", "replace", "10.29.0.1/24", "dev", "cni0");
        lab.run(Map.of(), "", "ip", "address", "delete", "10.23.0.1/24", "dev", "cni0");
        lab.startDaemon();
        Lab.Output deleted = lab.podnet("DEL", "two", two.path(), now);
        assertThat(deleted.code()).as(deleted.text()).isZero();
        assertThat(addressesOf("cni0")).containsExactly("10.29.0.1/24");
        assertThat(lab.files()).isEmpty();
        assertThat(lab.rules()).doesNotContain("podnet");
        assertThat(links()).containsExactly("lo", "cni0");

        // And gone.
        done(lab.podnet("ADD", "two", two.path(), config("net", "cni1", "10.23.0.0/24", "")));
        lab.run(Map.of(), "", "ip", "link", "delete", "cni1");
        lab.stopDaemon();
        lab.startDaemon();
        deleted = lab.podnet("DEL", "two", two.path(), config("net", "cni1", "10.23.0.0/24", ""));
        assertThat(deleted.code()).as(deleted.text()).isZero();
        assertThat(lab.files()).isEmpty();
        assertThat(links()).containsExactly("lo", "cni0");
    }

    @Test
    void anIpv4NetworkLeavesIpv6OfAnotherOnItsBridge() throws Exception {
        Lab.Container one = lab.container();
        String six = config("six", "cni0", "fd00:22::/64", "");
        JsonNode first = done(lab.podnet("ADD", "one", one.path(), six));
        done(lab.podnet("ADD", "two", lab.container().path(), config()));
        assertThat(addressesOf("cni0")).containsExactlyInAnyOrder("10.22.0.1/24", "fd00:22::1/64");
        Lab.Output check = lab.podnet("CHECK", "one", one.path(), withPrevious(six, first));
        assertThat(check.code()).as(check.text()).isZero();
        assertThat(one.route().routes().list(IpFamily.IPV6)).isNotEmpty();
        assertThat(lab.podnet("DEL", "one", one.path(), six).code()).isZero();
        assertThat(lab.podnet("DEL", "two", "", config()).code()).isZero();
        assertThat(lab.files()).isEmpty();
    }

    @Test
    void aPendingDeleteThatFailsHoldsNobodyElseUp() throws Exception {
        Path asked = directory.resolve("asked");
        Path ipam = Files.writeString(
                lab.bin().resolve("refuser"),
                "#!/bin/sh\ncat > /dev/null\necho $CNI_COMMAND >> " + asked
                        + "\necho '{\"code\":120,\"msg\":\"no\"}'\nexit 1\n");
        Files.setPosixFilePermissions(ipam, PosixFilePermissions.fromString("rwxr-xr-x"));
        String config =
                "{\"cniVersion\":\"1.1.0\",\"name\":\"given\",\"type\":\"podnet-cni\",\"ipam\":{\"type\":\"refuser\"}}";
        lab.stopDaemon();
        assertThat(lab.podnet("DEL", "one", "", config).code()).isZero();
        lab.startDaemon();
        String status = config().replace("1.0.0", "1.1.0");
        assertThat(lab.podnet("STATUS", "", "", status).code()).isZero();
        assertThat(lab.podnet("STATUS", "", "", status).code()).isZero();
        assertThat(Files.readAllLines(asked))
                .as("tried at the daemon's start, then left alone")
                .containsExactly("DEL");
        assertThat(refused(lab.podnet("ADD", "one", lab.container().path(), config)))
                .isEqualTo(120);
        assertThat(Files.readAllLines(asked))
                .as("a container's next ADD comes after its last DEL")
                .containsExactly("DEL", "DEL", "ADD");
        Files.writeString(ipam, "#!/bin/sh\ncat > /dev/null\n");
        lab.stopDaemon();
        lab.startDaemon();
        assertThat(lab.files()).isEmpty();
    }

    @Test
    void aStateDirectoryThatOthersMayWriteIsRefusedInWordsOfTheProtocol() throws Exception {
        lab.stopDaemon();
        Files.setPosixFilePermissions(lab.state(), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(refused(lab.podnet("ADD", "one", lab.container().path(), config())))
                .isEqualTo(7);
        Files.setPosixFilePermissions(lab.state(), PosixFilePermissions.fromString("rwx------"));
        lab.startDaemon();
    }
}
