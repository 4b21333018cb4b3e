package io.podnet.conformance;

import io.podnet.api.IpAddress;
import io.podnet.api.Protocol;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Asks servers from one place. Each request is a connection, or a flow of UDP, of its own. */
final class Client {
    /** Long enough for a busy machine. */
    private static final long PATIENCE_MILLIS = 10_000;
    /** Longer than a refusal takes. */
    private static final long SHORT_MILLIS = 400;
    /**
     * The same for TCP: the ICMP error for the first segment may reach the socket while its caller still holds it, and
     * is forgotten then (TcpExtLockDroppedIcmps); the second segment, a second later, brings the next.
     */
    private static final long SHORT_TCP_MILLIS = 1_500;

    private final Sockets sockets;
    private final Optional<IpAddress> source;

    private Client(Sockets sockets, Optional<IpAddress> source) {
        this.sockets = sockets;
        this.source = source;
    }

    static Client in(Sockets sockets) {
        return new Client(sockets, Optional.empty());
    }

    /** The same with one of its place's addresses. */
    Client from(IpAddress address) {
        return new Client(sockets, Optional.of(address));
    }

    Sockets sockets() {
        return sockets;
    }

    Optional<IpAddress> source() {
        return source;
    }

    Answer ask(Protocol protocol, IpAddress ip, int port) {
        return ask(protocol, ip, port, PATIENCE_MILLIS);
    }

    Answer tcp(IpAddress ip, int port) {
        return ask(Protocol.TCP, ip, port);
    }

    Answer udp(IpAddress ip, int port) {
        return ask(Protocol.UDP, ip, port);
    }

    /**
     * For where the kernel is to refuse: it drops an ICMP error where its socket for them is busy (icmp_xmit_lock in
     * net/ipv4/icmp.c and net/ipv6/icmp.c), so silence after one datagram, or two, says nothing. Any answer does.
     */
    Answer askedAgainWhereLost(Protocol protocol, IpAddress ip, int port) {
        Answer answer = ask(protocol, ip, port);
        for (int again = 0; again < 2 && protocol == Protocol.UDP && answer.equals(Answer.TIMED_OUT); again++) {
            answer = ask(protocol, ip, port);
        }
        return answer;
    }

    /** For where no answer is expected. */
    Answer briefly(Protocol protocol, IpAddress ip, int port) {
        return ask(protocol, ip, port, protocol == Protocol.TCP ? SHORT_TCP_MILLIS : SHORT_MILLIS);
    }

    private Answer ask(Protocol protocol, IpAddress ip, int port, long millis) {
        InetSocketAddress address = new InetSocketAddress(ip.toInetAddress(), port);
        try {
            return protocol == Protocol.TCP ? connect(address, millis) : send(address, millis);
        } catch (ConnectException e) {
            if (!String.valueOf(e.getMessage()).contains("refused")) {
                throw new AssertionError("asking " + address + ": " + e, e);
            }
            return Answer.REFUSED;
        } catch (PortUnreachableException e) {
            return Answer.REFUSED;
        } catch (IOException e) {
            throw new AssertionError("asking " + address + ": " + e, e);
        }
    }

    private Answer connect(InetSocketAddress address, long millis) throws IOException {
        try (SocketChannel channel = sockets.tcp();
                Selector selector = Selector.open()) {
            if (source.isPresent()) {
                channel.bind(new InetSocketAddress(source.get().toInetAddress(), 0));
            }
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
            if (!channel.connect(address)) {
                if (selector.select(millis) == 0) {
                    return Answer.TIMED_OUT;
                }
                channel.finishConnect();
            }
            key.interestOps(SelectionKey.OP_READ);
            ByteBuffer buffer = ByteBuffer.allocate(256);
            while (channel.read(buffer) >= 0) {
                selector.selectedKeys().clear();
                if (selector.select(millis) == 0) {
                    return Answer.TIMED_OUT;
                }
            }
            return parse(buffer);
        }
    }

    private Answer send(InetSocketAddress address, long millis) throws IOException {
        try (DatagramChannel channel = sockets.udp();
                Selector selector = Selector.open()) {
            if (source.isPresent()) {
                channel.bind(new InetSocketAddress(source.get().toInetAddress(), 0));
            }
            channel.connect(address);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            write(channel);
            if (selector.select(millis) == 0) {
                return Answer.TIMED_OUT;
            }
            ByteBuffer buffer = ByteBuffer.allocate(256);
            channel.read(buffer);
            return parse(buffer);
        }
    }

    /** Sends a datagram; where the sender's own rules forbid it, the kernel says so here, and why only at the read. */
    static void write(DatagramChannel channel) throws IOException {
        try {
            channel.write(ByteBuffer.wrap(new byte[] {1}));
        } catch (PortUnreachableException e) {
            throw e;
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("not permitted")) {
                throw e;
            }
        }
    }

    static Answer parse(ByteBuffer buffer) {
        return Answer.parse(StandardCharsets.UTF_8.decode(buffer.flip()).toString());
    }
}
