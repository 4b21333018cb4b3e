package io.podnet.dns.upstream;

import io.podnet.api.IpFamily;
import io.podnet.api.NamespaceRef;
import io.podnet.api.PodnetException;
import io.podnet.netlink.namespace.NamespaceThreads;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;

/**
 * Sockets of one network namespace. A visit there costs tens of microseconds, and each query takes a socket of its own,
 * so UDP sockets are opened some at a time; they have no port before they are used. Safe for any thread. Close it: an
 * open socket keeps a namespace alive.
 */
public final class NamespaceSockets implements UpstreamSockets, AutoCloseable {
    private static final int AHEAD = 16;

    private final NamespaceThreads threads;
    private final NamespaceRef namespace;
    private final Map<IpFamily, Queue<DatagramChannel>> spare = new EnumMap<>(IpFamily.class);
    private boolean closed;

    /**
     * Prepares sockets; none is opened before the first is needed.
     *
     * @param threads what goes inside
     * @param namespace where to open; stays open for as long as this is
     */
    public NamespaceSockets(NamespaceThreads threads, NamespaceRef namespace) {
        this.threads = threads;
        this.namespace = namespace;
        for (IpFamily family : IpFamily.values()) {
            spare.put(family, new ArrayDeque<>());
        }
    }

    private static ProtocolFamily protocolFamily(IpFamily family) {
        return family == IpFamily.IPV4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
    }

    @Override
    public synchronized DatagramChannel datagram(IpFamily family) throws IOException {
        requireOpen();
        Queue<DatagramChannel> channels = spare.get(family);
        if (channels == null) {
            throw new IllegalStateException("no family " + family);
        }
        DatagramChannel next = channels.poll();
        if (next == null) {
            inside(() -> {
                for (int i = 0; i < AHEAD; i++) {
                    channels.add(DatagramChannel.open(protocolFamily(family)));
                }
                return true;
            });
            next = channels.remove();
        }
        return next;
    }

    @Override
    public synchronized SocketChannel stream(IpFamily family) throws IOException {
        requireOpen();
        SocketChannel[] opened = new SocketChannel[1];
        inside(() -> {
            // SocketChannel.open() would make an IPv6 socket of both families; open(family) is of Java 15.
            opened[0] = SocketChannel.open(protocolFamily(family));
            return true;
        });
        return opened[0];
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the sockets of " + namespace + " are closed");
        }
    }

    private void inside(io.podnet.netlink.namespace.NamespaceTask<Boolean, IOException> task) throws IOException {
        try {
            threads.callIn(namespace, task);
        } catch (PodnetException | IllegalStateException e) {
            throw new IOException("no socket in " + namespace + ": " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        for (Queue<DatagramChannel> channels : spare.values()) {
            for (DatagramChannel channel = channels.poll(); channel != null; channel = channels.poll()) {
                Channels.close(channel);
            }
        }
    }
}
