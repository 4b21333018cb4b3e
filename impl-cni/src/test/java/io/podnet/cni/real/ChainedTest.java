package io.podnet.cni.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.cni.process.PluginLimits;
import io.podnet.cni.process.PluginPath;
import io.podnet.cni.process.PluginRunner;
import io.podnet.cni.runtime.Attachment;
import io.podnet.cni.runtime.CniRuntime;
import io.podnet.cni.runtime.ResultCache;
import io.podnet.cni.spec.CniArgs;
import io.podnet.cni.spec.CniResult;
import io.podnet.cni.spec.JsonObject;
import io.podnet.cni.spec.NetworkConfigList;
import io.podnet.cni.spec.RuntimeConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A configuration list that has Debian's plugins behind ours, under our own host. */
class ChainedTest {
    private static final List<String> THEIRS = List.of("CNI-DN-", "CNI-FORWARD", "10.22.0.2");

    @TempDir
    private Path directory = Path.of("");

    private NetworkConfigList list(Lab lab) {
        return NetworkConfigList.read(JsonObject.parse(
                "list",
                "{\"cniVersion\":\"1.0.0\",\"name\":\"net\",\"plugins\":["
                        + "{\"type\":\"podnet-cni\",\"isDefaultGateway\":true,\"ipMasq\":true,\"hairpinMode\":true,"
                        + "\"mtu\":1400,\"ipam\":{\"type\":\"host-local\",\"dataDir\":\"" + lab.leases()
                        + "\",\"ranges\":[[{\"subnet\":\"10.22.0.0/24\"}],[{\"subnet\":\"fd00:22::/64\"}]]}},"
                        + "{\"type\":\"portmap\",\"capabilities\":{\"portMappings\":true}},"
                        + "{\"type\":\"bandwidth\",\"capabilities\":{\"bandwidth\":true}},"
                        + "{\"type\":\"firewall\"},"
                        + "{\"type\":\"tuning\",\"sysctl\":{\"net.ipv4.conf.IFNAME.arp_filter\":\"1\"}}]}"));
    }

    private static Attachment attachment(String id, String netns, int port) {
        return new Attachment(
                id,
                netns,
                "eth0",
                CniArgs.NONE,
                new RuntimeConfig(JsonObject.parse(
                        "arguments",
                        "{\"portMappings\":[{\"hostPort\":" + port
                                + ",\"containerPort\":80,\"protocol\":\"tcp\"}],"
                                + "\"bandwidth\":{\"ingressRate\":8000000,\"ingressBurst\":800000,"
                                + "\"egressRate\":8000000,\"egressBurst\":800000}}")));
    }

    private CniRuntime runtime(Lab lab) {
        return new CniRuntime(
                new PluginRunner(
                        Optional.of(lab.nodeNamespace()),
                        new PluginPath(List.of(lab.bin(), Path.of("/usr/lib/cni")), true),
                        PluginLimits.DEFAULT),
                new ResultCache(directory.resolve("cache")));
    }

    private static String output(Lab lab, String... command) throws Exception {
        return lab.run(Map.of(), "", command).text();
    }

    @Test
    void debiansPluginsFollowOursAndAllGoWithTheDaemonAway() throws Exception {
        try (Lab lab = new Lab(directory)) {
            CniRuntime runtime = runtime(lab);
            Lab.Container one = lab.container();
            Lab.Container two = lab.container();
            CniResult result = runtime.add(list(lab), attachment("one", one.path(), 8080));
            runtime.add(list(lab), attachment("two", two.path(), 8081));
            assertThat(result.ips()).hasSize(2);
            assertThat(lab.reaches(one, two, "10.22.0.3")).isTrue();
            assertThat(lab.reaches(two, one, "fd00:22::2")).isTrue();
            assertThat(output(lab, "iptables-save")).contains(THEIRS).contains("--dports 8080");
            assertThat(output(lab, "tc", "qdisc")).contains("rate 8Mbit");
            assertThat(output(lab, "nsenter", "--net=" + one.path(), "cat", "/proc/sys/net/ipv4/conf/eth0/arp_filter"))
                    .isEqualTo("1\n");

            runtime.del(list(lab), attachment("one", one.path(), 8080));
            assertThat(lab.files()).hasSize(3);
            lab.stopDaemon();
            runtime.del(list(lab), attachment("two", "", 8081));
            assertThat(lab.files())
                    .filteredOn(name -> name.contains("/pending/"))
                    .hasSize(1);
            lab.startDaemon();
            assertThat(lab.files()).isEmpty();
            assertThat(output(lab, "iptables-save")).doesNotContain("10.22.0", "CNI-DN-", "8080", "8081");
            assertThat(lab.rules()).doesNotContain("podnet");
            assertThat(lab.route().links().list())
                    .extracting(link -> link.name())
                    .containsExactly("lo", "cni0");
        }
    }

    private NetworkConfigList tuned(Lab lab, String ours, String tuning) {
        return NetworkConfigList.read(JsonObject.parse(
                "list",
                "{\"cniVersion\":\"1.0.0\",\"name\":\"net\",\"plugins\":["
                        + "{\"type\":\"podnet-cni\",\"isGateway\":true," + ours
                        + "\"ipam\":{\"type\":\"host-local\",\"dataDir\":\"" + lab.leases()
                        + "\",\"subnet\":\"10.22.0.0/24\"}},"
                        + "{\"type\":\"tuning\"," + tuning + "}]}"));
    }

    private static Attachment attachment(String id, String netns, String arguments) {
        return new Attachment(
                id, netns, "eth0", CniArgs.NONE, new RuntimeConfig(JsonObject.parse("arguments", arguments)));
    }

    /** The node sends to the address that it gave, and takes frames of no other: CHECK is right to complain. */
    @ParameterizedTest
    @ValueSource(strings = {"", "\"macspoofchk\":false,"})
    void aMacAddressThatTuningSetsBehindOursCutsTheContainerOffAndCheckSaysSo(String ours) throws Exception {
        try (Lab lab = new Lab(directory)) {
            CniRuntime runtime = runtime(lab);
            NetworkConfigList list = tuned(lab, ours, "\"mac\":\"02:00:5e:00:53:01\"");
            Lab.Container one = lab.container();
            Attachment attachment = attachment("one", one.path(), "{}");
            CniResult result = runtime.add(list, attachment);
            assertThat(result.interfaces()).anyMatch(made -> made.mac().equals("02:00:5e:00:53:01"));
            assertThat(lab.nodeReaches(one, "10.22.0.2")).isFalse();
            assertThatThrownBy(() -> runtime.check(list, attachment))
                    .hasMessageContaining("prevResult has the MAC address 02:00:5e:00:53:01, not ")
                    .hasMessageContaining("a plugin behind this one set it, and the node sends to the other")
                    .hasMessageContaining("\"capabilities\":{\"mac\":true}");
            runtime.del(list, attachment);
            assertThat(lab.files()).isEmpty();
        }
    }

    @Test
    void aMacAddressThatOursIsAskedForToIsTheContainersAndCheckHolds() throws Exception {
        try (Lab lab = new Lab(directory)) {
            CniRuntime runtime = runtime(lab);
            String capable = "\"capabilities\":{\"mac\":true}";
            NetworkConfigList list = tuned(lab, capable + ",", capable);
            Lab.Container one = lab.container();
            Lab.Container two = lab.container();
            Attachment first = attachment("one", one.path(), "{\"mac\":\"02:00:5e:00:53:01\"}");
            CniResult result = runtime.add(list, first);
            runtime.add(list, attachment("two", two.path(), "{\"mac\":\"02:00:5e:00:53:02\"}"));
            assertThat(result.interfaces()).anyMatch(made -> made.mac().equals("02:00:5e:00:53:01"));
            assertThat(lab.reaches(one, two, "10.22.0.3")).isTrue();
            assertThat(lab.nodeReaches(one, "10.22.0.2")).isTrue();
            runtime.check(list, first);
        }
    }
}
