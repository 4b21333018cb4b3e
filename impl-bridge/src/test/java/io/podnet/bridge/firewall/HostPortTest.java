package io.podnet.bridge.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.PodnetException;
import io.podnet.api.Protocol;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {
    private static final PodPort B = Lab.pod(6);

    private Lab lab;

    @BeforeEach
    void build() throws Exception {
        lab = new Lab();
        lab.filter.ensureNode(Lab.RULES);
    }

    @AfterEach
    void tearDown() throws Exception {
        lab.close();
    }

    private void serveInA(String kind, int port) throws Exception {
        lab.serve(lab.podA, kind, "0.0.0.0", port, "A");
        lab.serve(lab.podA, kind, "::", port, "A");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1"})
    void leadToThePodFromEverywhere(String bridgedFramesAreFiltered) throws Exception {
        lab.node.sh(
                "for f in ip ip6; do echo %s > /proc/sys/net/bridge/bridge-nf-call-${f}tables; done",
                bridgedFramesAreFiltered);
        lab.filter.addPods(List.of(Lab.pod(5, Lab.port(Protocol.TCP, 8080, 80), Lab.port(Protocol.UDP, 8080, 81)), B));
        serveInA("tcp", 80);
        serveInA("udp", 81);

        for (String kind : List.of("tcp", "udp")) {
            assertThat(lab.ask(lab.outside, kind, Lab.NODE4, 8080)).isEqualTo("A saw 192.0.2.2");
            assertThat(lab.ask(lab.outside, kind, Lab.NODE6, 8080)).isEqualTo("A saw 2001:db8::2");
            assertThat(lab.ask(lab.node, kind, Lab.NODE4, 8080)).isEqualTo("A saw 192.0.2.1");
            assertThat(lab.ask(lab.node, kind, Lab.NODE6, 8080)).isEqualTo("A saw 2001:db8::1");
            assertThat(lab.ask(lab.node, kind, Lab.GATEWAY4, 8080)).isEqualTo("A saw 10.244.0.1");
            assertThat(lab.ask(lab.podB, kind, Lab.NODE4, 8080)).isEqualTo("A saw 10.244.0.1");
            assertThat(lab.ask(lab.podB, kind, Lab.NODE6, 8080)).isEqualTo("A saw fd00:244::1");
            assertThat(lab.ask(lab.podA, kind, Lab.NODE4, 8080)).isEqualTo("A saw 10.244.0.1");
            assertThat(lab.ask(lab.podA, kind, Lab.NODE6, 8080)).isEqualTo("A saw fd00:244::1");
        }
        assertThat(lab.ask(lab.podB, "tcp", "10.244.0.5", 80)).isEqualTo("A saw 10.244.0.6");
        assertThat(lab.ask(lab.node, "tcp", "127.0.0.1", 8080)).isEqualTo("refused");
        assertThat(lab.ask(lab.node, "tcp", "::1", 8080)).isEqualTo("refused");
    }

    @Test
    @DisplayName("CVE-2025-67499: traffic through the node to the same port elsewhere is not caught")
    void neverCatchTrafficThroughTheNode() throws Exception {
        lab.filter.addPods(List.of(Lab.pod(5, Lab.port(Protocol.TCP, 8080, 80)), B));
        serveInA("tcp", 80);
        lab.serve(lab.outside, "tcp", "0.0.0.0", 8080, "outside");
        lab.serve(lab.podB, "tcp", "0.0.0.0", 8080, "B");

        assertThat(lab.ask(lab.podB, "tcp", Lab.FOREIGN4, 8080)).isEqualTo("outside saw 192.0.2.1");
        assertThat(lab.ask(lab.node, "tcp", Lab.FOREIGN4, 8080)).isEqualTo("outside saw 192.0.2.1");
        assertThat(lab.ask(lab.outside, "tcp", "10.244.0.6", 8080)).isEqualTo("B saw 192.0.2.2");
    }

    @Test
    void onOneHostIp() throws Exception {
        lab.filter.addPods(List.of(
                Lab.pod(5, Lab.port(Protocol.TCP, Lab.NODE4, 8080, 80), Lab.port(Protocol.TCP, Lab.NODE6, 8080, 80)),
                Lab.pod(6, Lab.port(Protocol.TCP, Lab.GATEWAY4, 8080, 80))));
        serveInA("tcp", 80);
        lab.serve(lab.podB, "tcp", "0.0.0.0", 80, "B");

        assertThat(lab.ask(lab.outside, "tcp", Lab.NODE4, 8080)).isEqualTo("A saw 192.0.2.2");
        assertThat(lab.ask(lab.outside, "tcp", Lab.NODE6, 8080)).isEqualTo("A saw 2001:db8::2");
        assertThat(lab.ask(lab.node, "tcp", Lab.GATEWAY4, 8080)).isEqualTo("B saw 10.244.0.1");
        assertThat(lab.ask(lab.node, "tcp", Lab.GATEWAY6, 8080)).isEqualTo("refused");
        assertThat(lab.ask(lab.podA, "tcp", Lab.NODE4, 8080)).isEqualTo("A saw 10.244.0.1");
        assertThat(lab.ask(lab.podB, "tcp", Lab.GATEWAY4, 8080)).isEqualTo("B saw 10.244.0.1");
    }

    @Test
    void ofSctp() throws Exception {
        lab.filter.addPod(Lab.pod(5, Lab.port(Protocol.SCTP, 9000, 9001)));

        assertThat(lab.script(lab.node, "sctp", lab.outside.path(), Lab.NODE4, "9000", lab.podA.path()))
                .isEqualTo("192.0.2.2 to port 9001");
    }

    @Test
    void takeOverUdpFlowsThatWereThereBefore() throws Exception {
        serveInA("udp", 81);
        assertThat(lab.ask(lab.outside, "udp", Lab.NODE4, 5353, "", "40000", "1"))
                .isEqualTo("refused");
        lab.filter.addPod(Lab.pod(5, Lab.port(Protocol.UDP, 5353, 81)));

        assertThat(lab.ask(lab.outside, "udp", Lab.NODE4, 5353, "", "40000")).isEqualTo("A saw 192.0.2.2");
    }

    @Test
    void endWithThePod() throws Exception {
        PodPort pod = Lab.pod(5, Lab.port(Protocol.TCP, 8080, 80));
        lab.filter.addPods(List.of(pod, B));
        serveInA("tcp", 80);
        assertThat(lab.ask(lab.outside, "tcp", Lab.NODE4, 8080)).startsWith("A saw");

        lab.filter.removePod(pod);
        assertThat(lab.ask(lab.outside, "tcp", Lab.NODE4, 8080)).isEqualTo("refused");
    }

    @Test
    void belongToOnePod() {
        lab.filter.addPod(Lab.pod(5, Lab.port(Protocol.TCP, 8080, 80), Lab.port(Protocol.TCP, Lab.NODE4, 8081, 80)));

        assertThatThrownBy(() -> lab.filter.addPod(Lab.pod(6, Lab.port(Protocol.TCP, 8080, 80))))
                .isInstanceOf(PodnetException.Conflict.class)
                .hasMessageContaining("host port tcp 8080 is taken by sandbox5/eth0, so sandbox6/eth0");
        assertThatThrownBy(() -> lab.filter.addPod(Lab.pod(6, Lab.port(Protocol.TCP, Lab.NODE4, 8080, 80))))
                .isInstanceOf(PodnetException.Conflict.class)
                .hasMessageContaining("host port tcp 192.0.2.1 8080 is taken by sandbox5/eth0");
        assertThatThrownBy(() -> lab.filter.addPod(Lab.pod(6, Lab.port(Protocol.TCP, 8081, 80))))
                .isInstanceOf(PodnetException.Conflict.class)
                .hasMessageContaining("host port tcp 8081 is taken by sandbox5/eth0");
        assertThat(lab.filter.listOwners()).hasSize(1);
        lab.filter.addPod(Lab.pod(
                6,
                Lab.port(Protocol.UDP, 8080, 80),
                Lab.port(Protocol.TCP, Lab.GATEWAY4, 8081, 80),
                Lab.port(Protocol.TCP, 8082, 80)));
        assertThat(lab.filter.listOwners()).hasSize(2);
    }

    @Test
    void ofPodsAddedTogetherMustDiffer() {
        assertThatThrownBy(() -> lab.filter.addPods(List.of(
                        Lab.pod(5, Lab.port(Protocol.TCP, 8080, 80)),
                        Lab.pod(6, Lab.port(Protocol.TCP, Lab.NODE4, 8080, 80)))))
                .isInstanceOf(PodnetException.Conflict.class)
                .hasMessageContaining("sandbox5/eth0");
        assertThat(lab.filter.listOwners()).isEmpty();
    }

    @Test
    void needAnAddressTheyCanLeadTo() {
        PodPort loopback = Lab.pod(5, Lab.port(Protocol.TCP, "127.0.0.1", 8080, 80));
        assertThatThrownBy(() -> lab.filter.addPod(loopback)).isInstanceOf(PodnetException.Unsupported.class);
        PodPort four = new PodPort(
                B.attachment(),
                "pn6",
                B.mac(),
                B.addresses().subList(0, 1),
                List.of(Lab.port(Protocol.TCP, Lab.NODE6, 8080, 80)));
        assertThatThrownBy(() -> lab.filter.addPod(four))
                .isInstanceOf(PodnetException.Invalid.class)
                .hasMessageContaining("no address to lead to");
        assertThatThrownBy(
                        () -> Lab.pod(5, Lab.port(Protocol.TCP, 8080, 80), Lab.port(Protocol.TCP, Lab.NODE4, 8080, 81)))
                .isInstanceOf(PodnetException.Invalid.class);
    }
}
