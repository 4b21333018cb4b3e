package io.podnet.cni.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The same configuration through Debian's {@code bridge} with {@code host-local} and through ours, each in fresh namespaces:
 * equal links, addresses, routes and results, and equal emptiness after DEL.
 */
class DifferentialTest {
    private static final Path REFERENCE = Path.of("/usr/lib/cni/bridge");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        gateway and masquerade | 0.4.0 | "isGateway":true,"ipMasq":true,"ipam":{"subnet":"10.22.0.0/16","routes":[{"dst":"0.0.0.0/0"}]} |
        default gateway | 1.0.0 | "isDefaultGateway":true,"ipam":{"subnet":"10.22.0.0/24"} |
        dual stack | 0.3.0 | "isDefaultGateway":true,"ipMasq":true,"ipam":{"ranges":[[{"subnet":"10.22.0.0/24"}],[{"subnet":"fd00:22::/64"}]],"routes":[{"dst":"192.0.2.0/24"},{"dst":"2001:db8::/32"}]} |
        IPv6 alone | 1.0.0 | "isGateway":true,"ipam":{"subnet":"fd00:22::/64","routes":[{"dst":"::/0"}]} |
        no gateway on the bridge | 1.0.0 | "ipam":{"subnet":"10.22.0.0/24","gateway":"10.22.0.9","routes":[{"dst":"0.0.0.0/0"},{"dst":"192.0.2.0/24","gw":"10.22.0.7"}]} |
        hairpin and mtu | 0.4.0 | "isGateway":true,"hairpinMode":true,"mtu":1400,"ipam":{"subnet":"10.22.0.0/24"} |
        promiscuous | 0.4.0 | "isGateway":true,"promiscMode":true,"ipam":{"subnet":"10.22.0.0/24"} |
        part of a range and resolver | 0.4.0 | "isGateway":true,"dns":{"nameservers":["192.0.2.53"],"search":["example.org"]},"ipam":{"ranges":[[{"subnet":"10.22.0.0/24","rangeStart":"10.22.0.100","rangeEnd":"10.22.0.110","gateway":"10.22.0.254"}]]} |
        several ranges of a family | 1.0.0 | "ipam":{"ranges":[[{"subnet":"10.23.0.0/24"},{"subnet":"10.24.0.0/24"}],[{"subnet":"10.22.0.0/24"}]]} |
        requested address and MAC | 0.4.0 | "isGateway":true,"ipam":{"subnet":"10.22.0.0/24"} | CNI_ARGS=IgnoreUnknown=1;IP=10.22.0.77;MAC=02:00:00:00:00:07
        runtime's ranges and addresses | 1.0.0 | "isGateway":true,"runtimeConfig":{"ips":["10.25.0.8/24"],"ipRanges":[[{"subnet":"10.25.0.0/24"}]]},"ipam":{"ranges":[]} |
        static addresses | 0.4.0 | "isGateway":true,"ipMasq":true,"ipam":{"type":"static","addresses":[{"address":"10.50.0.5/24","gateway":"10.50.0.1"}],"routes":[{"dst":"0.0.0.0/0"}]} |
        static dual stack | 1.0.0 | "isDefaultGateway":true,"ipam":{"type":"static","addresses":[{"address":"10.50.0.5/24","gateway":"10.50.0.1"},{"address":"fd00:50::5/64","gateway":"fd00:50::1"}]} |
        static address asked for | 0.4.0 | "isGateway":true,"ipam":{"type":"static"} | CNI_ARGS=IgnoreUnknown=1;IP=10.50.0.9/24;GATEWAY=10.50.0.1
        links alone | 0.4.0 | "isGateway":false |
        unknown keys | 0.4.0 | "isGateway":true,"foo":{"bar":[1]},"ipam":{"subnet":"10.22.0.0/24","baz":1} |
        """)
    void bothDoTheSame(String name, String version, String keys, String args) throws Exception {
        List<String> theirs = run("reference", version, keys, args);
        List<String> ours = run("podnet", version, keys, args);
        assertThat(ours).as(name).containsExactlyElementsOf(theirs);
        assertThat(theirs)
                .filteredOn(line -> line.startsWith("node 1: link HOST veth"))
                .isNotEmpty();
    }

    private List<String> run(String plugin, String version, String keys, String args) throws Exception {
        Path own = Files.createDirectories(directory.resolve(plugin));
        List<String> lines = new ArrayList<>();
        try (Lab lab = new Lab(own)) {
            boolean reference = plugin.equals("reference");
            Path program = reference ? REFERENCE : lab.bin().resolve("podnet-cni");
            String config = config(lab, version, keys, reference ? "bridge" : "podnet-cni");
            String[] more = args == null ? new String[0] : new String[] {args.strip()};
            int containers = more.length > 0 || keys.contains("\"ips\"") || keys.contains("static") ? 1 : 2;
            List<Lab.Container> all = new ArrayList<>();
            for (int i = 1; i <= containers; i++) {
                Lab.Container container = lab.container();
                all.add(container);
                Lab.Output output = lab.call(program, "ADD", "c" + i, container.path(), config, more);
                assertThat(output.code()).as(plugin + ": " + output.text()).isZero();
                lines.add("result " + normal(output.text(), container));
                add(lines, "node 1", Snapshot.of(lab.route()));
                add(lines, "container " + i, Snapshot.of(container.route()));
            }
            for (int i = 1; i <= containers; i++) {
                Lab.Output output =
                        lab.call(program, "DEL", "c" + i, all.get(i - 1).path(), config, more);
                assertThat(output.code()).as(plugin + ": " + output.text()).isZero();
            }
            lab.stopDaemon();
            add(lines, "node 2", Snapshot.of(lab.route()));
            for (Lab.Container container : all) {
                add(lines, "container", Snapshot.of(container.route()));
            }
            assertThat(lab.files()).as(plugin).isEmpty();
            lines.add("rules after DEL: " + lab.rules().contains("podnet"));
        }
        return lines;
    }

    private static String config(Lab lab, String version, String keys, String type) throws Exception {
        ObjectNode config = (ObjectNode) JSON.readTree("{" + keys + "}");
        config.put("cniVersion", version).put("name", "net").put("type", type).put("bridge", "cni0");
        if (config.get("ipam") instanceof ObjectNode ipam) {
            ipam.put("type", ipam.path("type").asText("host-local"))
                    .put("dataDir", lab.leases().toString());
        }
        return config.toString();
    }

    private static void add(List<String> lines, String what, List<String> more) {
        more.forEach(line -> lines.add(what + ": " + line));
    }

    /** A result without names of host ends and MAC addresses that nobody asked for. */
    private static String normal(String text, Lab.Container container) throws Exception {
        JsonNode result = JSON.readTree(text);
        for (JsonNode one : result.path("interfaces")) {
            ObjectNode link = (ObjectNode) one;
            if (!link.path("mac").asText().equals("02:00:00:00:00:07")) {
                assertThat(link.path("mac").asText().toLowerCase(Locale.ROOT)).matches("[0-9a-f:]{17}");
                link.remove("mac");
            }
            if (!link.has("sandbox") && !link.path("name").asText().equals("cni0")) {
                link.put("name", "HOST");
            }
        }
        // The reference says {} where there is nothing to say of name resolution, and we say nothing.
        if (result.path("dns").isEmpty()) {
            ((ObjectNode) result).remove("dns");
        }
        return JSON.copy()
                .configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true)
                .writeValueAsString(JSON.convertValue(result, Object.class))
                .replace(container.path(), "SANDBOX");
    }
}
