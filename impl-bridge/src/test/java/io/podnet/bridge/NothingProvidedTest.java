package io.podnet.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.Packet;
import io.podnet.api.Podnet;
import io.podnet.api.PodnetBuilder;
import io.podnet.api.PodnetException;
import io.podnet.api.ServiceSpec;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.ClusterStoreProvider;
import io.podnet.spi.Ipam;
import io.podnet.spi.IpamProvider;
import io.podnet.spi.NameResolver;
import io.podnet.spi.NameResolverProvider;
import io.podnet.spi.NetworkPlugin;
import io.podnet.spi.NetworkPluginProvider;
import io.podnet.spi.NodeContext;
import io.podnet.spi.SandboxProvider;
import io.podnet.spi.Sandboxes;
import io.podnet.spi.ServiceChanges;
import io.podnet.spi.ServiceProxy;
import io.podnet.spi.ServiceProxyProvider;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A provider that gives null is named, whichever it is, and the start leaves nothing. */
class NothingProvidedTest {
    private static final String NAME = "nothing";

    @TempDir
    Path directory;

    /** Provides everything, and gives nothing. */
    public static final class Nothing
            implements NetworkPluginProvider,
                    IpamProvider,
                    SandboxProvider,
                    ServiceProxyProvider,
                    NameResolverProvider,
                    ClusterStoreProvider {
        @Override
        public String name() {
            return NAME;
        }

        @Override
        public NetworkPlugin create(NodeContext node) {
            return null;
        }

        @Override
        public Ipam create(IpamProvider.Context context) {
            return null;
        }

        @Override
        public Sandboxes create() {
            return null;
        }

        @Override
        public ServiceProxy create(ServiceProxyProvider.Context context) {
            return null;
        }

        @Override
        public ServiceProxy.Explanation explain(
                ServiceProxyProvider.NodeView node, ServiceChanges desired, Packet packet) {
            return null;
        }

        @Override
        public NameResolver create(NameResolverProvider.Context context) {
            return null;
        }

        @Override
        public ClusterStore create(ClusterStoreProvider.Context context) {
            return null;
        }
    }

    private ClassLoader classLoader() throws Exception {
        Path services = Files.createDirectories(directory.resolve("classes/META-INF/services"));
        for (Class<?> type : List.of(Nothing.class.getInterfaces())) {
            Files.writeString(services.resolve(type.getName()), Nothing.class.getName());
        }
        return new URLClassLoader(
                new URL[] {directory.resolve("classes").toUri().toURL()},
                getClass().getClassLoader());
    }

    private static Arguments kind(String kind, UnaryOperator<PodnetBuilder> choice) {
        return Arguments.of(kind, choice);
    }

    static Stream<Arguments> kinds() {
        return Stream.of(
                kind("network plugin", node -> node.networkPlugin(NAME)),
                kind("ipam", node -> node.ipam(NAME)),
                kind("sandboxes", node -> node.sandboxes(NAME)),
                kind("name resolver", node -> node.nameResolver(NAME)),
                kind("cluster store", node -> node.clusterStore(NAME, Map.of())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void isNamed(String kind, UnaryOperator<PodnetBuilder> choice) throws Exception {
        try (TestNode test = new TestNode(directory)) {
            List<String> before = test.kernel();
            PodnetBuilder builder = choice.apply(test.builder().classLoader(classLoader()));
            assertThatThrownBy(builder::start)
                    .isInstanceOf(PodnetException.Invalid.class)
                    .hasMessageContainingAll("'nothing'", Nothing.class.getName(), "gave null");
            assertThat(test.kernel()).isEqualTo(before);
            assertThat(test.state()).doesNotExist();
        }
    }

    /** A proxy is made for the first service. */
    @Test
    void aServiceProxyIsNamedToo() throws Exception {
        try (TestNode test = new TestNode(directory);
                Podnet node = test.builder()
                        .classLoader(classLoader())
                        .serviceProxy(NAME)
                        .serviceCidrs("10.96.0.0/16")
                        .removePodsOnClose(true)
                        .start()) {
            assertThatThrownBy(() -> node.services()
                            .apply(ServiceSpec.of("default", "web")
                                    .selector("app", "web")
                                    .port(80, 80)
                                    .build()))
                    .isInstanceOf(PodnetException.Invalid.class)
                    .hasMessageContainingAll("'nothing'", Nothing.class.getName(), "gave null");
            assertThat(node.services().status().message()).contains(Nothing.class.getName());
        }
    }
}
