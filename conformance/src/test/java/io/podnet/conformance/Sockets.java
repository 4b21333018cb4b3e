package io.podnet.conformance;

import io.podnet.netlink.namespace.NamespaceChannels;
import io.podnet.spi.PodSandbox;
import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Where sockets are opened: in a pod, or in a namespace that is a machine. */
interface Sockets {
    SocketChannel tcp() throws IOException;

    DatagramChannel udp() throws IOException;

    ServerSocketChannel tcpServer() throws IOException;

    static Sockets of(PodSandbox pod) {
        return new Sockets() {
            @Override
            public SocketChannel tcp() throws IOException {
                return pod.openSocketChannel();
            }

            @Override
            public DatagramChannel udp() throws IOException {
                return pod.openDatagramChannel();
            }

            @Override
            public ServerSocketChannel tcpServer() throws IOException {
                return pod.openServerSocketChannel();
            }
        };
    }

    static Sockets of(NamespaceChannels machine) {
        return new Sockets() {
            @Override
            public SocketChannel tcp() throws IOException {
                return machine.socket();
            }

            @Override
            public DatagramChannel udp() throws IOException {
                return machine.datagram();
            }

            @Override
            public ServerSocketChannel tcpServer() throws IOException {
                return machine.serverSocket();
            }
        };
    }
}
