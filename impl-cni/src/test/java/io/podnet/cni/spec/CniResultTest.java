package io.podnet.cni.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Results of all versions, both ways. Expected texts follow SPEC.md of the version, and libcni where it is silent. */
class CniResultTest {
    private static final String NEWEST = """
            {"cniVersion":"1.1.0",\
            "interfaces":[{"name":"cni0","mac":"00:11:22:33:44:55"},\
            {"name":"eth0","mac":"92:79:27:01:7c:cf","mtu":1400,"sandbox":"/proc/1123/ns/net","socketPath":"/run/s","pciID":"0000:00:1f.6"}],\
            "ips":[{"interface":1,"address":"203.0.113.3/24","gateway":"203.0.113.1"},\
            {"interface":1,"address":"2001:db8:1::1/64","gateway":"2001:db8:1::ff"}],\
            "routes":[{"dst":"0.0.0.0/0"},{"dst":"10.0.0.0/8","gw":"203.0.113.9","mtu":1300,"advmss":1260,"priority":5,"table":100,"scope":253},\
            {"dst":"::/0","gw":"2001:db8:1::ff"}],\
            "dns":{"nameservers":["203.0.113.53"],"domain":"a.test","search":["a.test"],"options":["ndots:5"]}}""";

    private static CniResult read(String json) {
        return CniResult.read(JsonObject.parse("result", json), CniVersion.V0_1_0);
    }

    @Test
    void writesTheNewestAsItWasRead() {
        assertThat(read(NEWEST).toJson()).hasToString(NEWEST);
    }

    @Test
    void convertsTo040AndLosesWhatThatCannotSay() {
        assertThat(read(NEWEST).as(CniVersion.V0_4_0).toJson()).hasToString("""
                        {"cniVersion":"0.4.0",\
                        "interfaces":[{"name":"cni0","mac":"00:11:22:33:44:55"},\
                        {"name":"eth0","mac":"92:79:27:01:7c:cf","sandbox":"/proc/1123/ns/net"}],\
                        "ips":[{"version":"4","interface":1,"address":"203.0.113.3/24","gateway":"203.0.113.1"},\
                        {"version":"6","interface":1,"address":"2001:db8:1::1/64","gateway":"2001:db8:1::ff"}],\
                        "routes":[{"dst":"0.0.0.0/0"},{"dst":"10.0.0.0/8","gw":"203.0.113.9","mtu":1300,"advmss":1260,"priority":5,"table":100,"scope":253},\
                        {"dst":"::/0","gw":"2001:db8:1::ff"}],\
                        "dns":{"nameservers":["203.0.113.53"],"domain":"a.test","search":["a.test"],"options":["ndots:5"]}}""");
    }

    @Test
    void convertsTo020WithOneAddressOfAFamily() {
        String two =
                NEWEST.replace("\"ips\":[", "\"ips\":[{\"address\":\"192.0.2.7/32\"},{\"address\":\"192.0.2.8/32\"},");
        assertThat(read(two).as(CniVersion.V0_2_0).toJson()).hasToString("""
                        {"cniVersion":"0.2.0",\
                        "ip4":{"ip":"192.0.2.7/32","routes":[{"dst":"0.0.0.0/0"},{"dst":"10.0.0.0/8","gw":"203.0.113.9"}]},\
                        "ip6":{"ip":"2001:db8:1::1/64","gateway":"2001:db8:1::ff","routes":[{"dst":"::/0","gw":"2001:db8:1::ff"}]},\
                        "dns":{"nameservers":["203.0.113.53"],"domain":"a.test","search":["a.test"],"options":["ndots:5"]}}""");
    }

    @Test
    void convertsFrom020() {
        CniResult old = read("""
                {"ip4":{"ip":"10.0.0.2/24","gateway":"10.0.0.1","routes":[{"dst":"0.0.0.0/0"}]},\
                "ip6":{"ip":"fd00::2/64"},"dns":{}}""");
        assertThat(old.version()).isEqualTo(CniVersion.V0_1_0);
        assertThat(old.as(CniVersion.V1_0_0).toJson()).hasToString("""
                        {"cniVersion":"1.0.0",\
                        "ips":[{"address":"10.0.0.2/24","gateway":"10.0.0.1"},{"address":"fd00::2/64"}],\
                        "routes":[{"dst":"0.0.0.0/0"}]}""");
    }

    @ParameterizedTest
    @EnumSource(CniVersion.class)
    void survivesTheWayThroughEachVersion(CniVersion version) {
        CniResult written = read(NEWEST).as(version);
        CniResult read = CniResult.read(written.toJson(), CniVersion.V0_1_0);
        assertThat(read).isEqualTo(written);
        assertThat(read.as(CniVersion.NEWEST).as(version)).isEqualTo(written);
    }

    @Test
    void refusesTo020WithoutAddress() {
        CniResult loopback = read("{\"cniVersion\":\"1.0.0\",\"interfaces\":[{\"name\":\"lo\"}]}");
        assertThatThrownBy(() -> loopback.as(CniVersion.V0_2_0))
                .isInstanceOfSatisfying(
                        CniException.class, e -> assertThat(e.code()).isEqualTo(CniError.INCOMPATIBLE_VERSION));
    }

    @Test
    void takesTheConfigurationsVersionWhereThePluginForgotItsOwn() {
        CniResult result = CniResult.read(
                JsonObject.parse("result", "{\"ips\":[{\"address\":\"10.0.0.2/24\"}]}"), CniVersion.V1_0_0);
        assertThat(result.version()).isEqualTo(CniVersion.V1_0_0);
        assertThat(result.ips()).hasSize(1);
    }

    @Test
    void saysWhatIsWrong() {
        for (String broken : new String[] {
            "{\"cniVersion\":\"1.0.0\",\"ips\":{}}",
            "{\"cniVersion\":\"1.0.0\",\"ips\":[1]}",
            "{\"cniVersion\":\"1.0.0\",\"ips\":[{}]}",
            "{\"cniVersion\":\"1.0.0\",\"ips\":[{\"address\":\"10.0.0.300/24\"}]}",
            "{\"cniVersion\":\"1.0.0\",\"ips\":[{\"address\":\"10.0.0.3/24\",\"interface\":99999999999}]}",
            "{\"cniVersion\":\"1.0.0\",\"interfaces\":[{\"name\":7}]}",
            "{\"cniVersion\":\"0.2.0\",\"ip4\":[]}"
        }) {
            assertThatThrownBy(() -> read(broken))
                    .as(broken)
                    .isInstanceOfSatisfying(
                            CniException.class, e -> assertThat(e.code()).isEqualTo(CniError.DECODING_FAILURE));
        }
        assertThatThrownBy(() -> read("{\"cniVersion\":\"9.0.0\"}"))
                .isInstanceOfSatisfying(
                        CniException.class, e -> assertThat(e.code()).isEqualTo(CniError.INCOMPATIBLE_VERSION));
    }
}
