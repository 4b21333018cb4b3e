package io.podnet.cni.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The environment of a call, and the grammars of what is in it. */
class CniEnvironmentTest {
    private static void refuses(int code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CniException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void readsWhatItWrites() {
        CniEnvironment environment = new CniEnvironment(
                CniCommand.ADD,
                "c1",
                "/run/netns/c1",
                "eth0",
                CniArgs.parse("IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web-0;K8S_POD_UID="),
                List.of("/usr/lib/cni", "/opt/cni/bin"),
                false);
        assertThat(CniEnvironment.read(environment.toVariables())).isEqualTo(environment);
        assertThat(environment.args().podNamespace()).contains("shop");
        assertThat(environment.args().podName()).contains("web-0");
        assertThat(environment.args().podUid()).isEmpty();
        assertThat(environment.args().ignoresUnknown()).isTrue();
    }

    @Test
    void namesAllThatIsMissing() {
        assertThatThrownBy(() -> CniEnvironment.read(Map.of("CNI_COMMAND", "ADD", "CNI_IFNAME", "eth0")))
                .isInstanceOf(CniException.class)
                .hasMessageContaining("CNI_CONTAINERID, CNI_NETNS, CNI_PATH")
                .hasMessageContaining("code 4");
        refuses(CniError.INVALID_ENVIRONMENT, () -> CniEnvironment.read(Map.of()));
        refuses(CniError.INVALID_ENVIRONMENT, () -> CniEnvironment.read(Map.of("CNI_COMMAND", "add")));
    }

    @Test
    void needsNoNamespaceToDelete() {
        assertThat(CniEnvironment.read(Map.of(
                                "CNI_COMMAND", "DEL", "CNI_CONTAINERID", "c1", "CNI_IFNAME", "eth0", "CNI_PATH", "/x"))
                        .netns())
                .isEmpty();
        assertThat(CniEnvironment.read(Map.of("CNI_COMMAND", "VERSION")).command())
                .isEqualTo(CniCommand.VERSION);
        assertThat(CniEnvironment.read(Map.of("CNI_COMMAND", "STATUS")).command())
                .isEqualTo(CniCommand.STATUS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"IP", "=1", "A=1;", "A=1;;B=2", "A=1=2", "A=\n"})
    void refusesArgumentsThatAreNoPairs(String args) {
        refuses(CniError.INVALID_ENVIRONMENT, () -> CniArgs.parse(args));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "-a", "../x", "a/b", "a b", "a\u0000", "ä", "a\n"})
    void refusesNamesThatWouldLeaveTheirDirectory(String name) {
        refuses(CniError.INVALID_ENVIRONMENT, () -> CniNames.containerId(name));
        refuses(CniError.INVALID_CONFIGURATION, () -> CniNames.networkName(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "a:b", "a b", "a\tb", "a\u00a0b", "0123456789abcdef", "ääääääää"})
    void refusesInterfaceNamesThatTheKernelRefuses(String name) {
        refuses(CniError.INVALID_ENVIRONMENT, () -> CniNames.interfaceName(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "../bridge", "/bin/sh", "a\\b/c", "bridge\u0000", "a b", "-x"})
    void refusesPluginTypesThatAreNoFileName(String type) {
        refuses(CniError.INVALID_CONFIGURATION, () -> CniNames.pluginType(type));
    }

    @Test
    void readsErrorsInEachForm() {
        assertThat(CniError.read(JsonObject.parse("e", "{\"code\":11,\"msg\":\"later\",\"details\":\"busy\"}")))
                .contains(new CniError(11, "later", "busy"));
        assertThat(CniError.read(JsonObject.parse("e", "{\"msg\":\"later\",\"details\":7}")))
                .contains(new CniError(0, "later", "7"));
        assertThat(CniError.read(JsonObject.parse("e", "{\"cniVersion\":\"1.0.0\"}")))
                .isEqualTo(Optional.empty());
        assertThat(new CniError(7, "m", "").toJson(CniVersion.V1_0_0))
                .hasToString("{\"cniVersion\":\"1.0.0\",\"code\":7,\"msg\":\"m\"}");
    }

    @Test
    void readsVersions() {
        assertThat(VersionInfo.read(JsonObject.parse("v", "{\"cniVersion\":\"0.2.0\"}"))
                        .supports(CniVersion.V0_1_0))
                .isTrue();
        VersionInfo info = new VersionInfo("1.0.0", List.of("0.4.0", "1.0.0", "7.0.0"));
        assertThat(VersionInfo.read(info.toJson())).isEqualTo(info);
        assertThat(info.supports(CniVersion.V1_1_0)).isFalse();
        refuses(CniError.DECODING_FAILURE, () -> VersionInfo.read(JsonObject.parse("v", "{\"cniVersion\":\"1.0.0\"}")));
    }

    @Test
    void boundsWhatIsRead() {
        refuses(CniError.DECODING_FAILURE, () -> JsonObject.parse("x", "{\"a\":".repeat(65) + "1" + "}".repeat(65)));
        refuses(CniError.DECODING_FAILURE, () -> JsonObject.parse("x", ""));
        refuses(CniError.DECODING_FAILURE, () -> JsonObject.parse("x", "[]"));
        refuses(CniError.DECODING_FAILURE, () -> JsonObject.parse("x", "{} {}"));
        refuses(CniError.DECODING_FAILURE, () -> JsonObject.parse("x", "panic: oh"));
    }

    @Test
    void printsLikeTheReferenceDoes() {
        assertThat(JsonObject.parse("x", "{\"a\":[{\"b\":1}],\"c\":{}}").toPrettyString())
                .isEqualTo("""
                        {
                            "a": [
                                {
                                    "b": 1
                                }
                            ],
                            "c": {}
                        }""");
    }
}
