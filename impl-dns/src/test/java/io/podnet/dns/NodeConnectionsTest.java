package io.podnet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.PodSpec;
import io.podnet.netlink.namespace.NamespaceChannels;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.spi.NameResolver;
import io.podnet.spi.NameResolverProvider;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One client of the node's address holds all the connections that it gets. */
@Timeout(60)
class NodeConnectionsTest {
    private static final int HELD = 400;

    @Test
    void whoHoldsConnectionsKeepsNobodyOut(@TempDir Path directory) throws Exception {
        List<SocketChannel> held = new ArrayList<>();
        try (NamespaceThreads threads = new NamespaceThreads();
                PodPlace node = new PodPlace(threads);
                PodPlace pod = new PodPlace(threads);
                NameResolver resolver = new DnsResolverProvider()
                        .create(new NameResolverProvider.Context(
                                "cluster.local",
                                List.of(),
                                List.of(),
                                List.of(),
                                directory.resolve("absent"),
                                node.namespace(),
                                directory,
                                Map.of("threads", "1", "listen", "127.0.0.1")))) {
            resolver.apply(Shop.example());
            resolver.attachPod(PodSpec.of("shop", "web").build(), pod.namespace());
            NamespaceChannels channels = new NamespaceChannels(threads, node.namespace());
            try {
                for (int i = 0; i < HELD; i++) {
                    SocketChannel channel = channels.socket();
                    held.add(channel);
                    channel.connect(new InetSocketAddress("127.0.0.1", 53));
                }
                assertThat(tcp(node, "127.0.0.1")).contains("10.96.7.4");
                assertThat(tcp(pod, ServedPod.ADDRESS)).contains("10.96.7.4");
            } finally {
                for (SocketChannel channel : held) {
                    channel.close();
                }
            }
        }
    }

    private static String tcp(PodPlace from, String server) throws Exception {
        return from.run("dig", "@" + server, "+tcp", "+tries=1", "+time=2", "api.shop.svc.cluster.local");
    }
}
