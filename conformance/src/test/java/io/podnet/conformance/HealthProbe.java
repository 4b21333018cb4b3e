package io.podnet.conformance;

import io.podnet.api.IpAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A load balancer's probe of a node: HTTP/1.1 with one request a connection. */
final class HealthProbe {
    private final Client client;

    HealthProbe(Client client) {
        this.client = client;
    }

    private String get(IpAddress ip, int port) throws IOException {
        try (SocketChannel channel = client.sockets().tcp()) {
            channel.connect(new InetSocketAddress(ip.toInetAddress(), port));
            channel.write(ByteBuffer.wrap(
                    "GET / HTTP/1.1\r\nHost: node\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Probes until the answer is right; answers follow rules, but nothing says how closely. */
    void await(IpAddress ip, int port, String status, String header) throws InterruptedException {
        String[] last = {""};
        Scene.eventually(status + " from " + ip + ":" + port, () -> {
            try {
                last[0] = get(ip, port);
            } catch (IOException e) {
                last[0] = e.toString();
            }
            return last[0].startsWith(status)
                    && last[0].toLowerCase(Locale.ROOT).contains(header.toLowerCase(Locale.ROOT));
        });
    }
}
