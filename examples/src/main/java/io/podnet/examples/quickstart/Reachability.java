package io.podnet.examples.quickstart;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Who reaches whom over TCP, and what address the receiver sees: channels of this JVM, opened in each place. */
final class Reachability {
    private static final int PORT = 7000;
    private static final int TIMEOUT_MILLIS = 10_000;

    /** A place and its address. */
    record End(Place place, String ip) {}

    private final List<End> ends;

    Reachability(List<End> ends) {
        this.ends = List.copyOf(ends);
    }

    void show(Tour tour) throws IOException {
        List<String> lines = new ArrayList<>();
        boolean real = true;
        for (End from : ends) {
            for (End to : ends) {
                if (!from.equals(to)) {
                    String seen = addressSeen(from, to);
                    real &= seen.equals(from.ip());
                    lines.add(String.format(
                            "%-7s -> %-7s %-12s receiver sees %s",
                            from.place().name(), to.place().name(), to.ip(), seen));
                }
            }
        }
        tour.shows(String.join("\n", lines));
        tour.holds(real, "everyone reaches everyone, and every receiver sees its sender's own address");
    }

    private static String addressSeen(End from, End to) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(to.ip()), PORT);
        try (ServerSocketChannel listener = to.place().sandbox().openServerSocketChannel();
                SocketChannel client = from.place().sandbox().openSocketChannel()) {
            listener.bind(address);
            listener.socket().setSoTimeout(TIMEOUT_MILLIS);
            client.socket().connect(address, TIMEOUT_MILLIS);
            try (Socket accepted = listener.socket().accept()) {
                return accepted.getInetAddress().getHostAddress();
            }
        }
    }
}
