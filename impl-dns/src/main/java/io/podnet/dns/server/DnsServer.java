package io.podnet.dns.server;

import io.podnet.api.IpAddress;
import io.podnet.api.NamespaceRef;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.namespace.NamespaceThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The server: a few event loops that share all sockets. A pod's sockets are made inside its namespace and belong to one
 * loop; the node's are made once for each loop, and the kernel spreads clients over them (SO_REUSEPORT). Safe for any
 * thread.
 */
public final class DnsServer implements AutoCloseable {
    private final Serving serving;
    private final NamespaceThreads namespaces;
    private final List<Seat> seats = new ArrayList<>();
    private final AtomicInteger next = new AtomicInteger();

    private record Seat(EventLoop loop, LoopMemory memory, Connections connections) {}

    /**
     * Starts the loops, without a socket.
     *
     * @param serving what they answer from
     * @param threads how many, at least 1
     * @param namespaces what opens sockets inside namespaces; stays the caller's to close
     */
    public DnsServer(Serving serving, int threads, NamespaceThreads namespaces) {
        this.serving = serving;
        this.namespaces = namespaces;
        AtomicInteger connections = new AtomicInteger();
        for (int i = 0; i < threads; i++) {
            EventLoop loop = new EventLoop("podnet-dns-" + i);
            LoopMemory memory = new LoopMemory(serving);
            seats.add(new Seat(loop, memory, new Connections(loop, memory, connections)));
        }
        seats.forEach(seat -> seat.loop().start());
    }

    /** Sockets that are served until this is closed. Closing is idempotent and waits until they are closed. */
    public interface Listening extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Serves a pod: UDP and TCP inside its namespace.
     *
     * @param pod who asks there
     * @param namespace its namespace, open for the time of the call
     * @param address where to listen in it
     * @param port the port
     * @return the sockets; while they are open the namespace exists
     * @throws io.podnet.api.PodnetException where the kernel refuses
     */
    public Listening servePod(PodView pod, NamespaceRef namespace, IpAddress address, int port) {
        Seat seat = seats.get(Integer.remainderUnsigned(next.getAndIncrement(), seats.size()));
        return serve(serving.client(Optional.of(pod)), namespace, address, port, List.of(seat));
    }

    /**
     * Serves whoever reaches an address of the node, by UDP and TCP.
     *
     * @param namespace the node's namespace
     * @param address where to listen; the wildcard address answers from the address that was asked
     * @param port the port
     * @return the sockets
     * @throws io.podnet.api.PodnetException where the kernel refuses
     */
    public Listening serveNode(NamespaceRef namespace, IpAddress address, int port) {
        return serve(serving.client(Optional.empty()), namespace, address, port, seats);
    }

    private Listening serve(Client client, NamespaceRef namespace, IpAddress address, int port, List<Seat> at) {
        boolean node = client.pod().isEmpty();
        int[] fds = namespaces.callIn(namespace, () -> open(address, port, node, at.size()));
        List<Handler> handlers = new ArrayList<>();
        AtomicBoolean closed = new AtomicBoolean();
        Listening listening = () -> {
            if (closed.compareAndSet(false, true)) {
                for (int i = 0; i < handlers.size(); i++) {
                    at.get(i / 2).loop().executeAndWait(handlers.get(i)::close);
                }
            }
        };
        try {
            for (int i = 0; i < at.size(); i++) {
                Seat seat = at.get(i);
                UdpPort udp = new UdpPort(seat.loop(), seat.memory(), client, fds[2 * i], address.isUnspecified());
                udp.open();
                handlers.add(udp);
                TcpPort tcp = new TcpPort(seat.loop(), seat.connections(), client, fds[2 * i + 1]);
                tcp.open();
                handlers.add(tcp);
            }
            return listening;
        } catch (RuntimeException e) {
            for (int i = handlers.size(); i < fds.length; i++) {
                Libc.instance().close(fds[i]);
            }
            listening.close();
            throw e;
        }
    }

    private static int[] open(IpAddress address, int port, boolean node, int times) {
        int[] fds = new int[2 * times];
        int opened = 0;
        try {
            for (int i = 0; i < times; i++) {
                fds[opened++] = Sockets.datagram(address, port, node);
                fds[opened++] = Sockets.stream(address, port);
            }
            return fds;
        } catch (RuntimeException e) {
            // The one that failed closed itself.
            for (int i = 0; i < opened - 1; i++) {
                Libc.instance().close(fds[i]);
            }
            throw e;
        }
    }

    @Override
    public void close() {
        seats.forEach(seat -> seat.loop().close());
    }
}
