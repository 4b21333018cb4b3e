package io.podnet.conformance;

import io.podnet.netlink.namespace.NamespaceChannels;
import io.podnet.spi.PodSandbox;
import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Where sockets are opened: in a pod, or in a namespace that is a machine. */
record Sockets(Opener<SocketChannel> stream, Opener<DatagramChannel> datagram, Opener<ServerSocketChannel> listener) {
    /** Opens one kind of channel. */
    @FunctionalInterface
    interface Opener<C> {
        C open() throws IOException;
    }

    static Sockets of(PodSandbox pod) {
        return new Sockets(pod::openSocketChannel, pod::openDatagramChannel, pod::openServerSocketChannel);
    }

    static Sockets of(NamespaceChannels machine) {
        return new Sockets(machine::socket, machine::datagram, machine::serverSocket);
    }

    SocketChannel tcp() throws IOException {
        return stream.open();
    }

    DatagramChannel udp() throws IOException {
        return datagram.open();
    }

    ServerSocketChannel tcpServer() throws IOException {
        return listener.open();
    }
}
