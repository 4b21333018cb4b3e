package io.podnet.testkit.machine;

import io.podnet.api.IpAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A question to a name server by real packets (RFC 1035 section 4), as a stub resolver asks it.
 *
 * @param name an absolute name without trailing dot
 * @param type the record type's number: 1 for A, 28 for AAAA
 */
public record DnsQuestion(String name, int type) {
    /** An IPv4 address. */
    public static final int A = 1;
    /** A start of authority. */
    public static final int SOA = 6;
    /** An IPv6 address. */
    public static final int AAAA = 28;

    private static final int NO_ERROR = 0;
    private static final int HEADER = 12;
    private static final int POINTER = 0xc0;
    private static final int ID = 0x706e;
    private static final short RECURSION_DESIRED = 0x0100;

    /**
     * What came back.
     *
     * @param rcode the response code, 0 for NOERROR, 2 for SERVFAIL, 3 for NXDOMAIN
     * @param addresses addresses of the answer section, in text
     * @param ttls the TTLs of all records of the answer section, in seconds
     */
    public record Reply(int rcode, List<String> addresses, List<Long> ttls) {
        public Reply {
            addresses = List.copyOf(addresses);
            ttls = List.copyOf(ttls);
        }

        /**
         * Tells whether it is one that says that the name exists.
         *
         * @return true for NOERROR
         */
        public boolean exists() {
            return rcode == NO_ERROR;
        }
    }

    private byte[] message() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        header.putShort((short) ID).putShort(RECURSION_DESIRED).putShort((short) 1);
        out.writeBytes(header.array());
        for (String label : name.split("\\.", -1)) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.write(0);
        out.writeBytes(new byte[] {0, (byte) type, 0, 1});
        return out.toByteArray();
    }

    /**
     * Asks over UDP.
     *
     * @param from who asks
     * @param server whom
     * @param millis the bound of the wait
     * @return the reply; empty where none came
     */
    public Optional<Reply> overUdp(Machine from, InetSocketAddress server, long millis) {
        try (DatagramChannel channel = from.openDatagramChannel();
                Selector selector = Selector.open()) {
            channel.connect(server);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            channel.write(ByteBuffer.wrap(message()));
            if (selector.select(millis) == 0) {
                return Optional.empty();
            }
            ByteBuffer reply = ByteBuffer.allocate(4096);
            channel.read(reply);
            return Optional.of(read(reply.flip()));
        } catch (PortUnreachableException nobody) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(from + " asks " + server, e);
        }
    }

    /**
     * Asks over TCP.
     *
     * @param from who asks
     * @param server whom
     * @return the reply
     */
    public Reply overTcp(Machine from, InetSocketAddress server) {
        try (SocketChannel channel = from.openSocketChannel()) {
            channel.connect(server);
            byte[] message = message();
            ByteBuffer framed = ByteBuffer.allocate(message.length + 2);
            channel.write(framed.putShort((short) message.length).put(message).flip());
            ByteBuffer reply = ByteBuffer.allocate(65_537);
            while (reply.position() < 2 || reply.position() < 2 + (reply.getShort(0) & 0xffff)) {
                if (channel.read(reply) < 0) {
                    throw new IOException("the server ended the connection without an answer");
                }
            }
            return read(reply.flip().position(2).slice());
        } catch (IOException e) {
            throw new UncheckedIOException(from + " asks " + server, e);
        }
    }

    private static Reply read(ByteBuffer reply) throws IOException {
        if (reply.getShort(0) != (short) ID) {
            throw new IOException("the answer is to another question");
        }
        int rcode = reply.get(3) & 0x0f;
        int questions = reply.getShort(4);
        int answers = reply.getShort(6);
        reply.position(HEADER);
        for (int i = 0; i < questions; i++) {
            skipName(reply);
            reply.position(reply.position() + 4);
        }
        List<String> addresses = new ArrayList<>();
        List<Long> ttls = new ArrayList<>();
        for (int i = 0; i < answers; i++) {
            skipName(reply);
            int type = reply.getShort();
            reply.getShort();
            ttls.add(reply.getInt() & 0xffff_ffffL);
            byte[] data = new byte[reply.getShort() & 0xffff];
            reply.get(data);
            if (type == A || type == AAAA) {
                addresses.add(IpAddress.of(data).toString());
            }
        }
        return new Reply(rcode, addresses, ttls);
    }

    private static void skipName(ByteBuffer reply) {
        int length = reply.get() & 0xff;
        while (length > 0) {
            if (length >= POINTER) {
                reply.get();
                return;
            }
            reply.position(reply.position() + length);
            length = reply.get() & 0xff;
        }
    }
}
