package io.podnet.netlink.namespace;

import io.podnet.api.NamespaceRef;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * Opens channels inside a namespace. A socket belongs to the namespace in which its descriptor was made, so any thread
 * may use the channel afterwards. This holds for channels alone: {@code new Socket()} makes its descriptor at connect,
 * on whichever thread that happens.
 *
 * <p>Safe for any thread.
 */
public final class NamespaceChannels {
    private final NamespaceThreads threads;
    private final NamespaceRef namespace;

    /**
     * Prepares channels of one namespace.
     *
     * @param threads what goes inside
     * @param namespace where to open; stays the caller's to close
     * @throws IOException where not even the node can open a socket
     */
    public NamespaceChannels(NamespaceThreads threads, NamespaceRef namespace) throws IOException {
        this.threads = threads;
        this.namespace = namespace;
        // The JDK finds out once, at its first socket, whether this machine has IPv6. A fresh namespace is no place for
        // that question: its loopback interface is down.
        DatagramChannel.open().close();
    }

    /**
     * Opens an unbound UDP channel, of IPv6 and IPv4 where the JVM has both.
     *
     * @return the channel, to be closed
     * @throws IOException where the kernel refuses
     */
    public DatagramChannel datagram() throws IOException {
        return threads.callIn(namespace, () -> DatagramChannel.open());
    }

    /**
     * Opens an unbound UDP channel of one family.
     *
     * @param family {@link java.net.StandardProtocolFamily#INET} or INET6
     * @return the channel, to be closed
     * @throws IOException where the kernel refuses
     */
    public DatagramChannel datagram(ProtocolFamily family) throws IOException {
        return threads.callIn(namespace, () -> DatagramChannel.open(family));
    }

    /**
     * Opens an unconnected TCP channel.
     *
     * @return the channel, to be closed
     * @throws IOException where the kernel refuses
     */
    public SocketChannel socket() throws IOException {
        return threads.callIn(namespace, () -> SocketChannel.open());
    }

    /**
     * Opens an unbound TCP server channel.
     *
     * @return the channel, to be closed
     * @throws IOException where the kernel refuses
     */
    public ServerSocketChannel serverSocket() throws IOException {
        return threads.callIn(namespace, () -> ServerSocketChannel.open());
    }
}
