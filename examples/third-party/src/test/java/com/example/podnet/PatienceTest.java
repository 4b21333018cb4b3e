package com.example.podnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.podnet.testkit.cluster.Cluster;
import io.podnet.testkit.cluster.ClusterNode;
import io.podnet.testkit.cluster.PodnetCluster;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** No pods here: how long a client of ours waits for its server, on links that a test makes bad and mends. */
@PodnetCluster(nodes = 2)
class PatienceTest {
    private static final int PORT = 4711;
    private static final int PATIENCE_MILLIS = 2000;

    /** What is tested: asks a server for a number, and does not wait for ever. */
    private static int ask(ClusterNode from, ClusterNode server) throws IOException {
        try (SocketChannel channel = from.machine().openSocketChannel()) {
            channel.socket().connect(new InetSocketAddress(server.ip().toInetAddress(), PORT), PATIENCE_MILLIS);
            channel.socket().setSoTimeout(PATIENCE_MILLIS);
            return channel.socket().getInputStream().read();
        }
    }

    private static void serve(ServerSocketChannel listening) {
        while (listening.isOpen()) {
            try (SocketChannel client = listening.accept()) {
                client.socket().getOutputStream().write(42);
            } catch (IOException ended) {
                // The client gave up, or the test is over.
            }
        }
    }

    @Test
    void aSlowServerIsGivenUp(Cluster cluster, ClusterNode client, ClusterNode server) throws IOException {
        try (ServerSocketChannel listening = server.machine().openServerSocketChannel()) {
            listening.bind(new InetSocketAddress(server.ip().toInetAddress(), PORT));
            Thread serving = new Thread(() -> serve(listening));
            serving.setDaemon(true);
            serving.start();
            assertEquals(42, ask(client, server));

            server.delay(Duration.ofMillis(PATIENCE_MILLIS));
            assertThrows(SocketTimeoutException.class, () -> ask(client, server));

            server.delay(Duration.ofMillis(20), Duration.ofMillis(10));
            assertEquals(42, ask(client, server));

            cluster.cut(client, server);
            assertThrows(SocketTimeoutException.class, () -> ask(client, server));

            cluster.restoreAll();
            assertEquals(42, ask(client, server));
        }
    }
}
