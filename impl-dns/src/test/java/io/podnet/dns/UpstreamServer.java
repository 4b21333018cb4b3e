package io.podnet.dns;

import io.podnet.netlink.namespace.NamespaceChannels;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** A name server in a namespace, as good or as bad as the test wants it. */
final class UpstreamServer implements AutoCloseable {
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final DatagramChannel datagrams;
    private final ServerSocketChannel connections;
    private final Answering answering;

    /** A query that came. */
    record Asked(Message message, int port, boolean stream) {}

    /** What is sent back, one message after the other. */
    interface Answering {
        List<byte[]> to(Asked asked) throws IOException;
    }

    UpstreamServer(NamespaceChannels channels, InetSocketAddress address, Answering answering) throws IOException {
        this.answering = answering;
        datagrams = channels.datagram();
        datagrams.bind(address);
        connections = channels.serverSocket();
        connections.bind(address);
        start(this::serveDatagrams);
        start(this::serveConnections);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "upstream");
        thread.setDaemon(true);
        thread.start();
    }

    private void serveDatagrams() {
        try {
            while (true) {
                ByteBuffer buffer = ByteBuffer.allocate(4_096);
                SocketAddress from = datagrams.receive(buffer);
                Message query = new Message(buffer.flip());
                Asked one = new Asked(query, ((InetSocketAddress) from).getPort(), false);
                asked.add(one);
                for (byte[] answer : answering.to(one)) {
                    datagrams.send(ByteBuffer.wrap(answer), from);
                }
            }
        } catch (IOException closed) {
            // The end.
        }
    }

    private void serveConnections() {
        try {
            while (true) {
                try (SocketChannel connection = connections.accept()) {
                    ByteBuffer buffer = ByteBuffer.allocate(4_096);
                    while (buffer.position() < 2 || buffer.position() < 2 + buffer.getShort(0)) {
                        if (connection.read(buffer) < 0) {
                            break;
                        }
                    }
                    Message query = new Message(buffer.flip().position(2).slice());
                    Asked one = new Asked(query, ((InetSocketAddress) connection.getRemoteAddress()).getPort(), true);
                    asked.add(one);
                    for (byte[] answer : answering.to(one)) {
                        ByteBuffer frame = ByteBuffer.allocate(answer.length + 2);
                        frame.putShort((short) answer.length).put(answer).flip();
                        while (frame.hasRemaining()) {
                            connection.write(frame);
                        }
                    }
                }
            }
        } catch (IOException closed) {
            // The end.
        }
    }

    static Message response(Message query, int rcode, List<Record> answers) {
        Message response = new Message(query.getHeader().getID());
        response.getHeader().setFlag(Flags.QR);
        response.getHeader().setFlag(Flags.RA);
        response.getHeader().setRcode(rcode);
        response.addRecord(query.getQuestion(), Section.QUESTION);
        answers.forEach(record -> response.addRecord(record, Section.ANSWER));
        return response;
    }

    /** What was asked for, loop and health probes left out. */
    List<Asked> asked() {
        return asked.stream()
                .filter(one -> !one.message().getQuestion().getName().toString().contains("loop-probe"))
                .toList();
    }

    /** What was asked for, each once, health probes left out too. */
    Set<String> questions() {
        return asked().stream()
                .map(one -> one.message().getQuestion().toString())
                .filter(question -> !question.startsWith(".\t"))
                .collect(Collectors.toSet());
    }

    @Override
    public void close() throws IOException {
        datagrams.close();
        connections.close();
    }
}
