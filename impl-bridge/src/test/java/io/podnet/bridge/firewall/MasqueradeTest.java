package io.podnet.bridge.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.Cidr;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MasqueradeTest {
    private Lab lab;

    @BeforeEach
    void build() throws Exception {
        lab = new Lab();
        lab.filter.ensureNode(Lab.RULES);
        lab.filter.addPods(List.of(Lab.pod(5), Lab.pod(6)));
        for (String address : List.of("0.0.0.0", "::")) {
            lab.serve(lab.outside, "tcp", address, 80, "outside");
            lab.serve(lab.podB, "tcp", address, 80, "B");
            lab.serve(lab.node, "tcp", address, 80, "node");
        }
    }

    @AfterEach
    void tearDown() throws Exception {
        lab.close();
    }

    @Test
    void outsideSeesTheNodeAndExemptNetworksSeeThePod() throws Exception {
        assertThat(lab.ask(lab.podA, "tcp", Lab.OUTSIDE4, 80)).isEqualTo("outside saw 192.0.2.1");
        assertThat(lab.ask(lab.podA, "tcp", Lab.OUTSIDE6, 80)).isEqualTo("outside saw 2001:db8::1");
        assertThat(lab.ask(lab.podA, "tcp", Lab.FOREIGN4, 80)).isEqualTo("outside saw 192.0.2.1");
        assertThat(lab.ask(lab.podA, "tcp", Lab.EXEMPT4, 80)).isEqualTo("outside saw 10.244.0.5");
        assertThat(lab.ask(lab.podA, "tcp", Lab.EXEMPT6, 80)).isEqualTo("outside saw fd00:244::5");
    }

    @Test
    void podsAndTheNodeSeeEachOther() throws Exception {
        assertThat(lab.ask(lab.podA, "tcp", "10.244.0.6", 80)).isEqualTo("B saw 10.244.0.5");
        assertThat(lab.ask(lab.podA, "tcp", "fd00:244::6", 80)).isEqualTo("B saw fd00:244::5");
        assertThat(lab.ask(lab.podA, "tcp", Lab.NODE4, 80)).isEqualTo("node saw 10.244.0.5");
        assertThat(lab.ask(lab.podA, "tcp", Lab.NODE6, 80)).isEqualTo("node saw fd00:244::5");
        assertThat(lab.ask(lab.outside, "tcp", "10.244.0.6", 80)).isEqualTo("B saw 192.0.2.2");
    }

    @Test
    void everythingExemptTurnsItsFamilyOff() throws Exception {
        NodeRules rules =
                new NodeRules(Lab.RULES.podCidrs(), true, List.of(Cidr.parse("0.0.0.0/0")), true, Optional.empty());
        assertThat(lab.filter.ensureNode(rules)).isEqualTo(NodeChange.CHANGED);

        assertThat(lab.ask(lab.podA, "tcp", Lab.OUTSIDE4, 80)).isEqualTo("outside saw 10.244.0.5");
        assertThat(lab.ask(lab.podA, "tcp", Lab.OUTSIDE6, 80)).isEqualTo("outside saw 2001:db8::1");
        assertThat(lab.filter.ensureNode(rules)).isEqualTo(NodeChange.UNCHANGED);
    }
}
