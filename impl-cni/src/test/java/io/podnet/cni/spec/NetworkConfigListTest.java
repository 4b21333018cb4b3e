package io.podnet.cni.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.HostPort;
import io.podnet.api.Protocol;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Configurations by libcni's rules, and what a plugin is called with. */
class NetworkConfigListTest {
    private static NetworkConfigList read(String json) {
        return NetworkConfigList.read(JsonObject.parse("list", json));
    }

    private static void refuses(String json, int code) {
        assertThatThrownBy(() -> read(json))
                .as(json)
                .isInstanceOfSatisfying(
                        CniException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void readsAList() {
        NetworkConfigList list = read("""
                {"cniVersion":"0.4.0","cniVersions":["0.3.1","1.1.0","1.2.0","0.4.0"],"name":"net","disableCheck":"True",\
                "disableGC":true,"plugins":[{"type":"bridge","unknown":{"x":[1.5]}},{"type":"portmap"}]}""");
        assertThat(list.version()).isEqualTo(CniVersion.V1_1_0);
        assertThat(list.disableCheck()).isTrue();
        assertThat(list.disableGc()).isTrue();
        assertThat(list.loadOnlyInlinedPlugins()).isFalse();
        assertThat(list.plugins()).extracting(PluginConfig::type).containsExactly("bridge", "portmap");
        assertThat(list.plugins()
                        .get(0)
                        .forCall("net", CniVersion.V1_1_0, Optional.empty(), RuntimeConfig.EMPTY)
                        .json())
                .hasToString(
                        "{\"type\":\"bridge\",\"unknown\":{\"x\":[1.5]},\"name\":\"net\",\"cniVersion\":\"1.1.0\"}");
    }

    @Test
    void makesAListOfASingleFile() {
        NetworkConfigList list = NetworkConfigList.of(PluginConfig.read(
                JsonObject.parse("file", "{\"cniVersion\":\"0.3.1\",\"name\":\"one\",\"type\":\"ptp\",\"mtu\":1400}")));
        assertThat(list.name()).isEqualTo("one");
        assertThat(list.version()).isEqualTo(CniVersion.V0_3_1);
        assertThat(list.json())
                .hasToString(
                        "{\"cniVersion\":\"0.3.1\",\"name\":\"one\",\"plugins\":[{\"cniVersion\":\"0.3.1\",\"name\":\"one\",\"type\":\"ptp\",\"mtu\":1400}]}");
    }

    @Test
    void refusesWhatCannotBeRun() {
        refuses("{\"plugins\":[{\"type\":\"bridge\"}]}", CniError.INVALID_CONFIGURATION);
        refuses("{\"name\":7,\"plugins\":[{\"type\":\"bridge\"}]}", CniError.INVALID_CONFIGURATION);
        refuses("{\"name\":\"../x\",\"plugins\":[{\"type\":\"bridge\"}]}", CniError.INVALID_CONFIGURATION);
        refuses("{\"name\":\"n\",\"plugins\":[]}", CniError.INVALID_CONFIGURATION);
        refuses("{\"name\":\"n\",\"plugins\":{}}", CniError.INVALID_CONFIGURATION);
        refuses("{\"name\":\"n\",\"plugins\":[{}]}", CniError.INVALID_CONFIGURATION);
        refuses("{\"name\":\"n\",\"loadOnlyInlinedPlugins\":true}", CniError.INVALID_CONFIGURATION);
        refuses(
                "{\"name\":\"n\",\"disableGC\":\"yes\",\"plugins\":[{\"type\":\"b\"}]}",
                CniError.INVALID_CONFIGURATION);
        refuses(
                "{\"name\":\"n\",\"cniVersion\":\"2.0.0\",\"plugins\":[{\"type\":\"b\"}]}",
                CniError.INCOMPATIBLE_VERSION);
        refuses(
                "{\"name\":\"n\",\"cniVersions\":[\"x\"],\"plugins\":[{\"type\":\"b\"}]}",
                CniError.INVALID_CONFIGURATION);
        refuses(
                "{\"name\":\"n\",\"plugins\":[{\"type\":\"b\",\"capabilities\":{\"ips\":\"yes\"}}]}",
                CniError.INVALID_CONFIGURATION);
    }

    /** A plugin sees what it declared and nothing else: the runtime's arguments may have secrets for another one. */
    @Test
    void tellsAPluginOnlyWhatItDeclared() {
        PluginConfig plugin = PluginConfig.read(JsonObject.parse(
                "plugin", "{\"type\":\"p\",\"capabilities\":{\"portMappings\":true,\"mac\":false,\"dns\":true}}"));
        HostPort port = new HostPort(Optional.empty(), 8080, 80, Protocol.TCP);
        RuntimeConfig told = RuntimeConfig.EMPTY
                .withPortMappings(List.of(port))
                .withMac("02:00:00:00:00:01")
                .withIps(List.of("10.0.0.9"))
                .withBandwidth(new BandwidthLimits(1000, 2000, 0, 0));
        PluginConfig call = plugin.forCall("n", CniVersion.V1_0_0, Optional.empty(), told);
        assertThat(call.json().object("runtimeConfig").orElseThrow())
                .hasToString("{\"portMappings\":[{\"hostPort\":8080,\"containerPort\":80,\"protocol\":\"tcp\"}]}");
        // SPEC.md, "Deriving request configuration from plugin configuration objects".
        assertThat(call.json().has("capabilities")).isFalse();
        assertThat(call.runtimeConfig().portMappings()).containsExactly(port);
        assertThat(told.bandwidth()).isEqualTo(new BandwidthLimits(1000, 2000, 0, 0));
        assertThat(told.ips()).containsExactly("10.0.0.9");
    }

    @Test
    void passesThePreviousResultInTheNetworksVersion() {
        CniResult result = CniResult.read(
                JsonObject.parse("r", "{\"cniVersion\":\"1.0.0\",\"ips\":[{\"address\":\"10.0.0.2/24\"}]}"),
                CniVersion.V1_0_0);
        PluginConfig call = PluginConfig.read(JsonObject.parse("plugin", "{\"type\":\"p\"}"))
                .forCall("n", CniVersion.V0_3_1, Optional.of(result), RuntimeConfig.EMPTY);
        assertThat(call.json().object("prevResult").orElseThrow())
                .hasToString(
                        "{\"cniVersion\":\"0.3.1\",\"ips\":[{\"version\":\"4\",\"address\":\"10.0.0.2/24\"}],\"dns\":{}}");
        assertThat(call.prevResult().orElseThrow().as(CniVersion.V1_0_0)).isEqualTo(result);
    }

    @Test
    void readsAndWritesValidAttachmentsUnderBothNames() {
        Set<ValidAttachment> valid = Set.of(new ValidAttachment("c1", "eth0"));
        JsonObject both = ValidAttachment.write(JsonObject.EMPTY, valid);
        assertThat(both)
                .hasToString(
                        "{\"cni.dev/valid-attachments\":[{\"containerID\":\"c1\",\"ifname\":\"eth0\"}],\"cni.dev/attachments\":[{\"containerID\":\"c1\",\"ifname\":\"eth0\"}]}");
        assertThat(ValidAttachment.read(both)).isEqualTo(valid);
        assertThat(ValidAttachment.read(both.without(ValidAttachment.FIELD))).isEqualTo(valid);
        assertThat(ValidAttachment.read(ValidAttachment.write(JsonObject.EMPTY, Set.of())))
                .isEmpty();
        assertThatThrownBy(() -> ValidAttachment.read(JsonObject.EMPTY)).isInstanceOf(CniException.class);
    }

    @Test
    void addsPluginsFromFilesToTheObjectToo() {
        NetworkConfigList list = read("{\"name\":\"n\",\"cniVersion\":\"1.1.0\"}")
                .withPlugins(List.of(PluginConfig.read(JsonObject.parse("file", "{\"type\":\"late\"}"))));
        assertThat(read(list.json().toString()).plugins()).isEqualTo(list.plugins());
        assertThat(read(list.json().toString()).loadOnlyInlinedPlugins()).isTrue();
    }
}
