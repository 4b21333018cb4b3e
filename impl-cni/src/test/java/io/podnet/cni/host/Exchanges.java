package io.podnet.cni.host;

import io.podnet.api.IpAddress;
import io.podnet.spi.PodSandbox;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** One TCP exchange: who connects, and whom the server sees. */
final class Exchanges {
    private Exchanges() {}

    interface Connector {
        SocketChannel open() throws IOException;
    }

    /** Connects to an address and gives the source that a server in the pod sees. */
    static String sourceSeen(PodSandbox server, int port, Connector client, IpAddress to, int toPort)
            throws IOException {
        try (ServerSocketChannel listening = server.openServerSocketChannel()) {
            listening.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            listening.bind(new InetSocketAddress(port));
            CompletableFuture<String> source = CompletableFuture.supplyAsync(() -> accept(listening));
            try (SocketChannel connected = client.open()) {
                connected.socket().connect(new InetSocketAddress(to.toInetAddress(), toPort), 5_000);
                ByteBuffer answer = ByteBuffer.allocate(1);
                if (connected.read(answer) != 1) {
                    throw new IOException("no answer from " + to + ":" + toPort);
                }
                return source.get();
            } catch (InterruptedException | ExecutionException e) {
                throw new IOException(e);
            }
        }
    }

    private static String accept(ServerSocketChannel listening) {
        try (SocketChannel one = listening.accept()) {
            one.write(ByteBuffer.wrap(new byte[] {1}));
            return ((InetSocketAddress) one.getRemoteAddress()).getAddress().getHostAddress();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
