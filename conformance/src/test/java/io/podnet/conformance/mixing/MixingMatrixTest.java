package io.podnet.conformance.mixing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.PodId;
import io.podnet.api.PodNetwork;
import io.podnet.api.PodSpec;
import io.podnet.api.Podnet;
import io.podnet.api.PodnetBuilder;
import io.podnet.api.PodnetException;
import io.podnet.api.Service;
import io.podnet.spi.IpamProvider;
import io.podnet.spi.NetworkPluginProvider;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Any plugin with any Ipam, any proxy and any resolver that ServiceLoader finds: each mix carries real traffic, or says why not. */
class MixingMatrixTest {
    private static final Mix PLAIN = new Mix("bridge", "host-local", Optional.empty(), Optional.empty());

    static Stream<Mix> mixes() {
        return Mix.all().stream();
    }

    static Stream<Mix> mixesOfAStore() {
        return mixes().filter(Mix::needsStore)
                .filter(mix -> mix.proxy().isEmpty() && mix.resolver().isEmpty());
    }

    @Test
    void thereIsSomethingToMix() {
        assertThat(Mix.found(NetworkPluginProvider.class)).contains("bridge");
        assertThat(Mix.found(IpamProvider.class)).contains("cluster", "host-local");
        assertThat(Mix.all()).hasSizeGreaterThanOrEqualTo(8);
    }

    @ParameterizedTest
    @MethodSource("mixes")
    void carriesTraffic(Mix mix) throws Exception {
        try (MixedNode machine = new MixedNode()) {
            List<String> before = machine.kernel();
            try (Podnet node = machine.builder(mix, mix.needsStore()).start()) {
                PodNetwork client = MixedNode.pod(node, "client");
                PodNetwork server = MixedNode.pod(node, "server");
                assertThat(client.ips()).doesNotContainAnyElementsOf(server.ips());
                assertThat(MixedNode.direct(client, server))
                        .isEqualTo(client.ips().get(0));
                assertThat(MixedNode.direct(server, client))
                        .isEqualTo(server.ips().get(0));
                Service service = MixedNode.serve(node, "server");
                if (mix.proxy().isPresent()) {
                    assertThat(MixedNode.awaitProgrammed(node, service)).isTrue();
                    assertThat(MixedNode.byService(
                                    client, server, service.clusterIps().get(0)))
                            .isEqualTo(client.ips().get(0));
                }
                assertThat(MixedNode.resolve(client, "server"))
                        .isEqualTo(
                                mix.resolver().isPresent()
                                        ? service.clusterIps().get(0).toString()
                                        : "");
                assertThat(node.check(client.id())).isEmpty();
                assertThat(node.check(server.id())).isEmpty();
            }
            // Tables that iptables makes are its own.
            assertThat(machine.kernel())
                    .filteredOn(line -> !line.contains(" ip nat") && !line.contains(" ip filter"))
                    .filteredOn(line -> !line.contains(" ip6 nat") && !line.contains(" ip6 filter"))
                    .containsExactlyElementsOf(before);
        }
    }

    @ParameterizedTest
    @MethodSource("mixesOfAStore")
    void partsOfAClusterWithoutAStoreAreRefused(Mix mix) {
        refused(mix, builder -> builder, PodnetException.Invalid.class, "cluster store");
    }

    @Test
    void partsThatAreNotThereAreRefusedWithThoseThatAre() {
        refused(PLAIN, builder -> builder.networkPlugin("absent"), PodnetException.NotFound.class, "bridge");
        refused(PLAIN, builder -> builder.ipam("absent"), PodnetException.NotFound.class, "host-local");
        refused(PLAIN, builder -> builder.serviceProxy("absent"), PodnetException.NotFound.class, "iptables");
        refused(PLAIN, builder -> builder.nameResolver("absent"), PodnetException.NotFound.class, "dns");
    }

    @Test
    void optionsOfAnotherPartAreRefused() {
        refused(
                PLAIN,
                builder -> builder.networkPluginOption("coolDown", "PT1S"),
                PodnetException.Invalid.class,
                "option");
        refused(PLAIN, builder -> builder.ipamOption("hairpinMode", "none"), PodnetException.Invalid.class, "option");
        refused(
                PLAIN,
                builder -> builder.nameResolver("dns").nameResolverOption("backend", "nft"),
                PodnetException.Invalid.class,
                "option");
        // Before the first service, which is what makes the proxy.
        refused(
                PLAIN,
                builder -> builder.serviceProxy("iptables").serviceProxyOption("ttl", "5"),
                PodnetException.Invalid.class,
                "option");
        refused(
                PLAIN,
                builder -> builder.serviceProxy("iptables").serviceProxyOption("masqueradeBit", "32"),
                PodnetException.Invalid.class,
                "masqueradeBit");
    }

    @Test
    void podsOfAnotherPluginAreNotTakenDown() throws Exception {
        try (MixedNode machine = new MixedNode()) {
            PodId pod = new PodId("default", "a");
            try (Podnet node =
                    machine.builder(PLAIN, false).removePodsOnClose(false).start()) {
                node.setUp(PodSpec.of("default", "a").build());
            }
            List<String> before = machine.kernel();
            assertThatThrownBy(() ->
                            machine.builder(PLAIN, false).networkPlugin("cni").start())
                    .isInstanceOf(PodnetException.Conflict.class)
                    .hasMessageContaining("pod default/a was set up by the network plugin 'bridge'");
            assertThat(machine.kernel()).isEqualTo(before);
            try (Podnet node = machine.builder(PLAIN, false).start()) {
                assertThat(node.check(pod)).isEmpty();
            }
        }
    }

    @Test
    void optionsOfAPartThatIsNotChosenAreRefused() {
        refused(
                PLAIN,
                builder -> builder.serviceProxyOption("backend", "nft"),
                PodnetException.Invalid.class,
                "serviceProxy(");
        refused(
                PLAIN,
                builder -> builder.nameResolverOption("ttl", "5"),
                PodnetException.Invalid.class,
                "nameResolver(");
    }

    private static void refused(
            Mix mix, UnaryOperator<PodnetBuilder> change, Class<? extends PodnetException> kind, String says) {
        try (MixedNode machine = new MixedNode()) {
            List<String> before = machine.kernel();
            PodnetBuilder builder = change.apply(machine.builder(mix, false));
            assertThatThrownBy(builder::start)
                    .as(mix.toString())
                    .isInstanceOf(kind)
                    .hasMessageContaining(says);
            assertThat(machine.kernel()).isEqualTo(before);
        }
    }
}
