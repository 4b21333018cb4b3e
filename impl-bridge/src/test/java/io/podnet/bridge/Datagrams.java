package io.podnet.bridge;

import io.podnet.api.IpAddress;
import io.podnet.api.PodNetwork;
import io.podnet.netlink.namespace.NamespaceChannels;
import io.podnet.spi.PodSandbox;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Real packets between namespaces, each wait bounded. */
public final class Datagrams {
    private static final int PORT = 7;
    private static final long WAIT_MILLIS = 3_000;

    private Datagrams() {}

    @FunctionalInterface
    public interface Opener {
        DatagramChannel open() throws IOException;
    }

    public static IpAddress sourceSeen(PodSandbox from, PodSandbox to, IpAddress address) throws IOException {
        return sourceSeen(from::openDatagramChannel, to::openDatagramChannel, address);
    }

    public static IpAddress sourceSeen(PodSandbox from, TestNode to, IpAddress address) throws IOException {
        return sourceSeen(from::openDatagramChannel, opener(to), address);
    }

    public static IpAddress sourceSeen(TestNode from, PodSandbox to, IpAddress address) throws IOException {
        return sourceSeen(opener(from), to::openDatagramChannel, address);
    }

    public static Opener opener(TestNode node) {
        return () -> new NamespaceChannels(node.threads(), node.namespace()).datagram();
    }

    /** Sends a datagram and gives the source that its receiver sees. */
    public static IpAddress sourceSeen(Opener from, Opener to, IpAddress address) throws IOException {
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

    /** Has every pod send to every other, and gives the pairs of which nothing arrived with the sender's own address. */
    static List<String> missingPairs(List<PodNetwork> pods, Function<PodNetwork, IpAddress> address)
            throws IOException {
        List<DatagramChannel> channels = new ArrayList<>();
        Map<IpAddress, Integer> index = new HashMap<>();
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < pods.size(); i++) {
                IpAddress ip = address.apply(pods.get(i));
                index.put(ip, i);
                DatagramChannel channel = pods.get(i).sandbox().openDatagramChannel();
                channels.add(channel);
                channel.bind(new InetSocketAddress(ip.toInetAddress(), PORT));
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ, new BitSet(pods.size()));
            }
            // A datagram may be lost where a receiver's buffer is full, so what is missing is sent once more.
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < channels.size(); i++) {
                    for (int j = 0; j < channels.size(); j++) {
                        BitSet seen = (BitSet) channels.get(j).keyFor(selector).attachment();
                        if (i != j && !seen.get(i)) {
                            InetSocketAddress to = new InetSocketAddress(
                                    address.apply(pods.get(j)).toInetAddress(), PORT);
                            channels.get(i).send(ByteBuffer.wrap(new byte[] {1}), to);
                        }
                    }
                    receive(selector, index, 0);
                }
                receive(selector, index, 200);
            }
            List<String> missing = new ArrayList<>();
            for (int j = 0; j < channels.size(); j++) {
                BitSet seen = (BitSet) channels.get(j).keyFor(selector).attachment();
                for (int i = 0; i < channels.size(); i++) {
                    if (i != j && !seen.get(i)) {
                        missing.add(pods.get(i) + " -> " + pods.get(j));
                    }
                }
            }
            return missing;
        } finally {
            for (DatagramChannel channel : channels) {
                channel.close();
            }
        }
    }

    private static void receive(Selector selector, Map<IpAddress, Integer> index, long waitMillis) throws IOException {
        while ((waitMillis == 0 ? selector.selectNow() : selector.select(waitMillis)) > 0) {
            for (SelectionKey key : selector.selectedKeys()) {
                ByteBuffer buffer = ByteBuffer.allocate(16);
                SocketAddress source = ((DatagramChannel) key.channel()).receive(buffer);
                while (source != null) {
                    Integer from = index.get(IpAddress.of(
                            ((InetSocketAddress) source).getAddress().getAddress()));
                    if (from != null) {
                        ((BitSet) key.attachment()).set(from);
                    }
                    buffer.clear();
                    source = ((DatagramChannel) key.channel()).receive(buffer);
                }
            }
            selector.selectedKeys().clear();
        }
    }
}
