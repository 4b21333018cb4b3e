package io.podnet.cni.real;

import static org.assertj.core.api.Assertions.assertThat;

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

    private static String output(Lab lab, String... command) throws Exception {
        return lab.run(Map.of(), "", command).text();
    }

    @Test
    void debiansPluginsFollowOursAndAllGoWithTheDaemonAway() throws Exception {
        try (Lab lab = new Lab(directory)) {
            CniRuntime runtime = new CniRuntime(
                    new PluginRunner(
                            Optional.of(lab.nodeNamespace()),
                            new PluginPath(List.of(lab.bin(), Path.of("/usr/lib/cni")), true),
                            PluginLimits.DEFAULT),
                    new ResultCache(directory.resolve("cache")));
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
}
