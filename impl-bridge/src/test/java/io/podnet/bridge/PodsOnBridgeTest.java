package io.podnet.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.PodId;
import io.podnet.api.PodNetwork;
import io.podnet.api.PodSpec;
import io.podnet.api.Podnet;
import io.podnet.api.PodnetException;
import io.podnet.testkit.machine.Mesh;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodsOnBridgeTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"10.244.1.0/24", "10.244.1.0/24,fd00:10:244:1::/64", "fd00:10:244:1::/64"})
    void podsAndNodeReachEachOtherWithTheirOwnAddresses(String podCidr) throws Exception {
        try (TestNode test = new TestNode(directory)) {
            List<String> before = test.kernel();
            try (Podnet node =
                    test.builder().podCidr(podCidr).removePodsOnClose(true).start()) {
                PodNetwork a = node.setUp(PodSpec.of("default", "a").build());
                PodNetwork b = node.setUp(PodSpec.of("default", "b").build());
                assertThat(a.ips()).hasSize(podCidr.split(",").length).doesNotContainAnyElementsOf(b.ips());
                assertThat(node.check(a.id())).isEmpty();
                assertThat(node.check(b.id())).isEmpty();
                for (int i = 0; i < a.ips().size(); i++) {
                    IpAddress ipOfA = a.ips().get(i);
                    IpAddress ipOfB = b.ips().get(i);
                    IpAddress gateway = a.status().gateways().get(i);
                    assertThat(Datagrams.sourceSeen(a.sandbox(), b.sandbox(), ipOfB))
                            .isEqualTo(ipOfA);
                    assertThat(Datagrams.sourceSeen(b.sandbox(), a.sandbox(), ipOfA))
                            .isEqualTo(ipOfB);
                    assertThat(Datagrams.sourceSeen(a.sandbox(), test, gateway)).isEqualTo(ipOfA);
                    assertThat(Datagrams.sourceSeen(test, a.sandbox(), ipOfA)).isEqualTo(gateway);
                }
            }
            assertThat(test.kernel()).isEqualTo(before);
            assertThat(test.leftovers()).isEmpty();
        }
    }

    @Test
    void aThreadThatIsInterruptedSetsUpAndTearsDownAllTheSame() throws Exception {
        try (TestNode test = new TestNode(directory)) {
            List<String> before = test.kernel();
            try (Podnet node = test.builder()
                    .podCidr("10.244.1.0/24")
                    .removePodsOnClose(true)
                    .start()) {
                Thread.currentThread().interrupt();
                PodNetwork a = node.setUp(PodSpec.of("default", "a").build());
                assertThat(node.tearDown(a.id())).isTrue();
                assertThat(Thread.interrupted()).isTrue();
                assertThat(Podnet.records(test.state())).isEmpty();
                assertThat(node.pods()).isEmpty();
            }
            assertThat(test.kernel()).isEqualTo(before);
            assertThat(test.leftovers()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.244.0.0/16", "10.244.0.0/16,fd00:10:244::/64"})
    void twoHundredAndFiftyPodsReachEachOther(String podCidr) throws Exception {
        int count = 250;
        try (TestNode test = new TestNode(directory);
                Podnet node =
                        test.builder().podCidr(podCidr).removePodsOnClose(true).start()) {
            for (int i = 0; i < count; i++) {
                node.setUp(PodSpec.of("default", "pod-" + i).build());
            }
            List<PodNetwork> pods = node.pods();
            Set<IpAddress> unique = new HashSet<>();
            pods.forEach(pod -> unique.addAll(pod.ips()));
            assertThat(unique).hasSize(count * podCidr.split(",").length);
            for (int family = 0; family < podCidr.split(",").length; family++) {
                int index = family;
                Map<IpAddress, Mesh.Opener> ends = new HashMap<>();
                pods.forEach(pod -> ends.put(pod.ips().get(index), pod.sandbox()::openDatagramChannel));
                assertThat(Mesh.missing(ends, 1)).isEmpty();
            }
        }
    }

    @Test
    void refusesASecondPodOfTheSameName() throws Exception {
        try (TestNode test = new TestNode(directory);
                Podnet node = test.builder().removePodsOnClose(true).start()) {
            PodSpec spec = PodSpec.of("default", "web").build();
            node.setUp(spec);
            assertThatThrownBy(() -> node.setUp(spec))
                    .isInstanceOf(PodnetException.Conflict.class)
                    .hasMessageContaining("default/web");
            assertThat(node.tearDown(new PodId("default", "web"))).isTrue();
            assertThat(node.tearDown(new PodId("default", "web"))).isFalse();
            node.setUp(spec);
        }
    }

    @Test
    void givesTheRequestedAddressAndSaysWhoHasIt() throws Exception {
        try (TestNode test = new TestNode(directory);
                Podnet node = test.builder().removePodsOnClose(true).start()) {
            IpAddress wanted = IpAddress.parse("10.244.1.77");
            PodNetwork pod =
                    node.setUp(PodSpec.of("default", "a").requestedIp(wanted).build());
            assertThat(pod.ips()).containsExactly(wanted);
            assertThatThrownBy(() -> node.setUp(
                            PodSpec.of("default", "b").requestedIp(wanted).build()))
                    .isInstanceOf(PodnetException.Conflict.class)
                    .hasMessageContaining("10.244.1.77");
            assertThat(node.pods()).hasSize(1);
        }
    }

    @Test
    void aFullPoolChangesNothingAndSaysHowFull() throws Exception {
        try (TestNode test = new TestNode(directory);
                Podnet node = test.builder()
                        .podCidr("10.244.1.0/30")
                        .removePodsOnClose(true)
                        .start()) {
            node.setUp(PodSpec.of("default", "a").build());
            List<String> before = test.kernel();
            assertThatThrownBy(() -> node.setUp(PodSpec.of("default", "b").build()))
                    .isInstanceOf(PodnetException.PoolExhausted.class)
                    .hasMessageContaining("1 of 1 allocated");
            assertThat(test.kernel()).isEqualTo(before);
            assertThat(Podnet.records(test.state())).hasSize(1);
        }
    }

    @Test
    void plansWithoutDoing() throws Exception {
        try (TestNode test = new TestNode(directory);
                Podnet node = test.builder().removePodsOnClose(true).start()) {
            List<String> before = test.kernel();
            assertThat(node.plan(PodSpec.of("default", "a").build()).toString())
                    .contains("CREATE link pn")
                    .contains("CREATE address 10.244.1.2/24")
                    .contains("CREATE route default (via 10.244.1.1 dev eth0)");
            assertThat(test.kernel()).isEqualTo(before);
            assertThat(Podnet.records(test.state())).isEmpty();
        }
    }

    @Test
    void aSecondPodCidrJoinsUnderLivePodsAndAUsedOneStays() throws Exception {
        try (TestNode test = new TestNode(directory);
                Podnet node = test.builder().removePodsOnClose(true).start()) {
            PodNetwork old = node.setUp(PodSpec.of("default", "old").build());
            Cidr ipv4 = Cidr.parse("10.244.1.0/24");
            Cidr ipv6 = Cidr.parse("fd00:10:244:1::/64");
            node.podCidrsChanged(List.of(ipv6, ipv4));
            PodNetwork dual = node.setUp(PodSpec.of("default", "dual").build());
            assertThat(dual.ips()).hasSize(2);
            assertThat(Datagrams.sourceSeen(
                            old.sandbox(), dual.sandbox(), dual.ips().get(0)))
                    .isEqualTo(old.ips().get(0));
            assertThat(Datagrams.sourceSeen(
                            dual.sandbox(), test, dual.status().gateways().get(1)))
                    .isEqualTo(dual.ips().get(1));
            assertThat(node.check(old.id())).isEmpty();
            assertThatThrownBy(() -> node.podCidrsChanged(List.of(Cidr.parse("10.244.2.0/24"))))
                    .isInstanceOf(PodnetException.Conflict.class)
                    .hasMessageContaining("is in use by");
            node.tearDownAll(List.of(old.id(), dual.id()));
            node.podCidrsChanged(List.of(Cidr.parse("10.244.2.0/24")));
            PodNetwork moved = node.setUp(PodSpec.of("default", "moved").build());
            assertThat(moved.ips()).containsExactly(IpAddress.parse("10.244.2.2"));
            assertThat(Datagrams.sourceSeen(
                            moved.sandbox(), test, moved.status().gateways().get(0)))
                    .isEqualTo(moved.ips().get(0));
        }
    }
}
