package io.podnet.testkit.machine;

import io.podnet.api.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** A name server on a machine that knows one name with one IPv4 address, over UDP, and remembers what was asked. */
public final class FixedNameServer implements AutoCloseable {
    private static final int HEADER = 12;

    private final DatagramChannel channel;
    private final String known;
    private final IpAddress answer;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    /**
     * Starts it.
     *
     * @param machine where
     * @param address where it listens, at port 53
     * @param name the name that it knows, in small letters; all others are NXDOMAIN
     * @param answer its address
     */
    public FixedNameServer(Machine machine, IpAddress address, String name, IpAddress answer) {
        this.channel = machine.openDatagramChannel();
        this.known = name;
        this.answer = answer;
        try {
            channel.bind(new InetSocketAddress(address.toInetAddress(), 53));
        } catch (IOException e) {
            throw new UncheckedIOException(machine + " at " + address, e);
        }
        Thread thread = new Thread(this::serve, "podnet-testkit-names");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Tells what was asked.
     *
     * @return names in small letters, in order
     */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    private void serve() {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        while (channel.isOpen()) {
            try {
                buffer.clear();
                SocketAddress client = channel.receive(buffer);
                if (client != null) {
                    channel.send(reply(buffer.flip()), client);
                }
            } catch (IOException ended) {
                return;
            }
        }
    }

    private ByteBuffer reply(ByteBuffer question) {
        StringBuilder name = new StringBuilder();
        question.position(HEADER);
        for (int length = question.get(); length > 0; length = question.get()) {
            byte[] label = new byte[length];
            question.get(label);
            name.append(name.length() == 0 ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
        }
        String wanted = name.toString().toLowerCase(Locale.ROOT);
        asked.add(wanted);
        boolean exists = wanted.equals(known);
        int type = question.getShort();
        boolean answered = exists && type == DnsQuestion.A;
        int end = question.position() + 2;
        ByteBuffer reply = ByteBuffer.allocate(end + 16);
        reply.putShort(question.getShort(0))
                .putShort((short) (exists ? 0x8180 : 0x8183))
                .putShort((short) 1);
        reply.putShort((short) (answered ? 1 : 0)).putInt(0);
        reply.put(question.position(HEADER).limit(end).slice());
        if (answered) {
            reply.putShort((short) (0xc000 | HEADER)).putShort((short) type).putShort((short) 1);
            reply.putInt(60).putShort((short) 4).put(answer.toBytes());
        }
        return reply.flip();
    }

    /** Ends it. Idempotent. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
