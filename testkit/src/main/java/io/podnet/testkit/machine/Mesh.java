package io.podnet.testkit.machine;

import io.podnet.api.IpAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Datagrams from everybody to everybody, each wait bounded. */
public final class Mesh {
    private static final int PORT = 7;
    private static final int ROUNDS = 20;
    private static final long ROUND_MILLIS = 250;

    private Mesh() {}

    /** Opens channels at some place in the network. */
    @FunctionalInterface
    public interface Opener {
        /**
         * Opens a channel there.
         *
         * @return an unbound UDP channel, to be closed
         * @throws IOException where there can be none
         */
        DatagramChannel open() throws IOException;
    }

    /**
     * Has everybody send to everybody of the same family, and again where nothing arrives.
     *
     * @param ends who there is, by the address that each sends from
     * @param size how many bytes a datagram carries, 1 to 2048
     * @return the pairs of which nothing arrived with the sender's own address
     * @throws IOException where a channel cannot be had
     */
    public static List<String> missing(Map<IpAddress, Opener> ends, int size) throws IOException {
        Map<IpAddress, DatagramChannel> channels = new HashMap<>();
        Set<String> missing = new HashSet<>();
        try (Selector selector = Selector.open()) {
            for (Map.Entry<IpAddress, Opener> end : ends.entrySet()) {
                DatagramChannel channel = end.getValue().open();
                channels.put(end.getKey(), channel);
                channel.bind(new InetSocketAddress(end.getKey().toInetAddress(), PORT));
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ, end.getKey());
                ends.keySet().stream()
                        .filter(other -> !other.equals(end.getKey())
                                && other.family() == end.getKey().family())
                        .forEach(other -> missing.add(other + " -> " + end.getKey()));
            }
            for (int round = 0; round < ROUNDS && !missing.isEmpty(); round++) {
                for (IpAddress from : channels.keySet()) {
                    for (IpAddress to : channels.keySet()) {
                        if (missing.contains(from + " -> " + to)) {
                            send(channels.get(from), to, size);
                        }
                    }
                    receive(selector, missing, 0);
                }
                receive(selector, missing, ROUND_MILLIS);
            }
            return new ArrayList<>(missing);
        } finally {
            for (DatagramChannel channel : channels.values()) {
                channel.close();
            }
        }
    }

    private static void send(DatagramChannel channel, IpAddress to, int size) {
        try {
            channel.send(ByteBuffer.allocate(size), new InetSocketAddress(to.toInetAddress(), PORT));
        } catch (IOException refused) {
            // The pair stays missing.
        }
    }

    private static void receive(Selector selector, Set<String> missing, long waitMillis) throws IOException {
        while ((waitMillis == 0 ? selector.selectNow() : selector.select(waitMillis)) > 0) {
            for (SelectionKey key : selector.selectedKeys()) {
                ByteBuffer buffer = ByteBuffer.allocate(2048);
                DatagramChannel channel = (DatagramChannel) key.channel();
                while (true) {
                    buffer.clear();
                    SocketAddress source;
                    try {
                        source = channel.receive(buffer);
                    } catch (IOException icmp) {
                        continue;
                    }
                    if (source == null) {
                        break;
                    }
                    IpAddress from = IpAddress.of(
                            ((InetSocketAddress) source).getAddress().getAddress());
                    missing.remove(from + " -> " + key.attachment());
                }
            }
            selector.selectedKeys().clear();
        }
    }
}
