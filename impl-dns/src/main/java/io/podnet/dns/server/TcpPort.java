package io.podnet.dns.server;

import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.libc.LibcServer;

/** A listening TCP socket of the server. Its loop's thread only. */
final class TcpPort implements Handler {
    private static final int SOCK_FLAGS = 0x80800;
    private static final int AT_ONCE = 16;

    private final EventLoop loop;
    private final Connections connections;
    private final Client client;
    private final int fd;
    private long token;
    private boolean closed;

    TcpPort(EventLoop loop, Connections connections, Client client, int fd) {
        this.loop = loop;
        this.connections = connections;
        this.client = client;
        this.fd = fd;
    }

    void open() {
        token = loop.add(fd, Epoll.IN, this);
    }

    @Override
    public void ready(int events) {
        for (int i = 0; i < AT_ONCE; i++) {
            int accepted = LibcServer.instance().accept4(fd, 0, 0, SOCK_FLAGS);
            if (Errno.EMFILE.is(accepted) || Errno.ENFILE.is(accepted)) {
                // The connection stays in the queue: without a pause the loop would spin.
                loop.interest(fd, 0, token);
                connections.resumeSoon(() -> {
                    if (!closed) {
                        loop.interest(fd, Epoll.IN, token);
                    }
                });
                return;
            }
            if (accepted < 0) {
                return;
            }
            if (!connections.open(accepted, client)) {
                Libc.instance().close(accepted);
            }
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            connections.closeAll(client);
            loop.remove(fd, token);
        }
    }
}
