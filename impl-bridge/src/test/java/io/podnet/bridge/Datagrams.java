package io.podnet.bridge;

import io.podnet.api.IpAddress;
import io.podnet.netlink.namespace.NamespaceChannels;
import io.podnet.spi.PodSandbox;
import io.podnet.testkit.machine.Mesh;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/** Real packets between namespaces, each wait bounded. */
public final class Datagrams {
    private static final int PORT = 7;
    private static final long WAIT_MILLIS = 3_000;

    private Datagrams() {}

    public static IpAddress sourceSeen(PodSandbox from, PodSandbox to, IpAddress address) throws IOException {
        return sourceSeen(from::openDatagramChannel, to::openDatagramChannel, address);
    }

    public static IpAddress sourceSeen(PodSandbox from, TestNode to, IpAddress address) throws IOException {
        return sourceSeen(from::openDatagramChannel, opener(to), address);
    }

    public static IpAddress sourceSeen(TestNode from, PodSandbox to, IpAddress address) throws IOException {
        return sourceSeen(opener(from), to::openDatagramChannel, address);
    }

    public static Mesh.Opener opener(TestNode node) {
        return () -> new NamespaceChannels(node.threads(), node.namespace()).datagram();
    }

    /** Sends a datagram and gives the source that its receiver sees. */
    public static IpAddress sourceSeen(Mesh.Opener from, Mesh.Opener to, IpAddress address) throws IOException {
        try (DatagramChannel receiver = to.open();
                DatagramChannel sender = from.open();
                Selector selector = Selector.open()) {
            receiver.bind(new InetSocketAddress(address.toInetAddress(), PORT));
            receiver.configureBlocking(false);
            receiver.register(selector, SelectionKey.OP_READ);
            sender.send(ByteBuffer.wrap(new byte[] {1}), new InetSocketAddress(address.toInetAddress(), PORT));
            if (selector.select(WAIT_MILLIS) == 0) {
                throw new IOException("no datagram reached " + address);
            }
            SocketAddress source = receiver.receive(ByteBuffer.allocate(16));
            return IpAddress.of(((InetSocketAddress) source).getAddress().getAddress());
        }
    }
}
