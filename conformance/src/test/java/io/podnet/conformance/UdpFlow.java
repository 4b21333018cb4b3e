package io.podnet.conformance;

import io.podnet.api.IpAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A client that sends from one port and never stops. The kernel's memory of such a flow never expires by itself, so what
 * it remembers wrongly lasts for ever.
 */
final class UdpFlow implements AutoCloseable {
    private static final long PAUSE_MILLIS = 10;
    private static final long BOUND_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final DatagramChannel channel;
    private final Thread thread = new Thread(this::send, "udp-flow");
    private final AtomicReference<Answer> last = new AtomicReference<>(Answer.TIMED_OUT);
    private volatile boolean closed;

    UdpFlow(Client client, IpAddress ip, int port) throws IOException {
        channel = client.sockets().udp();
        if (client.source().isPresent()) {
            channel.bind(new InetSocketAddress(client.source().get().toInetAddress(), 0));
        }
        channel.connect(new InetSocketAddress(ip.toInetAddress(), port));
        channel.configureBlocking(false);
        thread.setDaemon(true);
        thread.start();
    }

    private void send() {
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_READ);
            ByteBuffer buffer = ByteBuffer.allocate(256);
            while (!closed) {
                try {
                    Client.write(channel);
                    selector.select(PAUSE_MILLIS);
                    selector.selectedKeys().clear();
                    buffer.clear();
                    if (channel.read(buffer) > 0) {
                        last.set(Client.parse(buffer));
                    }
                } catch (PortUnreachableException nobodyServes) {
                    last.set(Answer.REFUSED);
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (IOException | InterruptedException e) {
            if (!closed) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Waits for an answer of one server, or a refusal. */
    void await(String what, java.util.function.Predicate<Answer> wanted) throws InterruptedException {
        long end = System.nanoTime() + BOUND_NANOS;
        while (!wanted.test(last.get())) {
            if (System.nanoTime() > end) {
                throw new AssertionError("no " + what + " within 10 s; last seen: " + last.get());
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    void awaitServer(String name) throws InterruptedException {
        await("answer of " + name, answer -> answer.server().equals(name));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        closed = true;
        thread.join(TimeUnit.SECONDS.toMillis(10));
        channel.close();
    }
}
