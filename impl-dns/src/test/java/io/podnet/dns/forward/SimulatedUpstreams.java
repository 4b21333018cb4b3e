package io.podnet.dns.forward;

import io.podnet.dns.upstream.Upstream;
import io.podnet.dns.upstream.UpstreamSockets;
import io.podnet.dns.upstream.UpstreamTransport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Servers without a network: whatever was sent is kept, and the test says what comes back and when. */
public final class SimulatedUpstreams implements UpstreamTransport {
    private final List<Sent> sent = new ArrayList<>();

    /** A query on its way. */
    public static final class Sent implements Exchange {
        private final Upstream to;
        private final byte[] query;
        private final boolean stream;
        private final Receiver receiver;
        private boolean closed;

        Sent(Upstream to, byte[] query, boolean stream, Receiver receiver) {
            this.to = to;
            this.query = query;
            this.stream = stream;
            this.receiver = receiver;
        }

        public Upstream to() {
            return to;
        }

        public byte[] query() {
            return query;
        }

        public boolean isStream() {
            return stream;
        }

        public boolean isClosed() {
            return closed;
        }

        @Override
        public void close() {
            closed = true;
        }

        public int id() {
            return (query[0] & 0xff) << 8 | (query[1] & 0xff);
        }

        public Message message() {
            try {
                return new Message(query);
            } catch (IOException e) {
                throw new IllegalStateException("we sent something that dnsjava cannot read", e);
            }
        }

        public Name name() {
            return message().getQuestion().getName();
        }

        /** Bytes as they are; nothing happens where nobody listens any more. */
        public void bytes(byte[] message) {
            if (!closed) {
                receiver.onMessage(message, message.length);
            }
        }

        public void fails(String why) {
            if (!closed) {
                receiver.onFailure(new IOException(why));
            }
        }

        /** A response with records. */
        public void answers(int rcode, List<Record> answer, List<Record> authority) {
            Message response = response(rcode);
            answer.forEach(record -> response.addRecord(record, Section.ANSWER));
            authority.forEach(record -> response.addRecord(record, Section.AUTHORITY));
            bytes(response.toWire());
        }

        public Message response(int rcode) {
            Message response = new Message(id());
            response.getHeader().setFlag(Flags.QR);
            response.getHeader().setFlag(Flags.RD);
            response.getHeader().setFlag(Flags.RA);
            response.getHeader().setRcode(rcode);
            response.addRecord(message().getQuestion(), Section.QUESTION);
            return response;
        }

        public void answersWith(String... records) {
            answers(Rcode.NOERROR, records(records), List.of());
        }

        public void nameError(String zone, int ttl, int minimum) {
            answers(Rcode.NXDOMAIN, List.of(), List.of(soa(zone, ttl, minimum)));
        }

        public void noData(String zone, int ttl, int minimum) {
            answers(Rcode.NOERROR, List.of(), List.of(soa(zone, ttl, minimum)));
        }

        public void refuses(int rcode) {
            answers(rcode, List.of(), List.of());
        }
    }

    /** Records as a zone file has them: name, TTL, type, data. */
    public static List<Record> records(String... lines) {
        List<Record> records = new ArrayList<>();
        for (String line : lines) {
            String[] parts = line.split(" ", 4);
            try {
                Name name = Name.fromString(parts[0]);
                int type = Type.value(parts[2]);
                records.add(Record.fromString(name, type, DClass.IN, Long.parseLong(parts[1]), parts[3], Name.root));
            } catch (IOException e) {
                throw new IllegalArgumentException(line, e);
            }
        }
        return records;
    }

    public static Record soa(String zone, int ttl, int minimum) {
        Name name = Name.fromConstantString(zone);
        return new SOARecord(name, DClass.IN, ttl, name, name, 7, 3_600, 600, 86_400, minimum);
    }

    @Override
    public Exchange datagram(UpstreamSockets sockets, Upstream to, byte[] query, Receiver receiver) {
        return add(new Sent(to, query, false, receiver));
    }

    @Override
    public Exchange stream(UpstreamSockets sockets, Upstream to, byte[] query, Receiver receiver) {
        return add(new Sent(to, query, true, receiver));
    }

    private Sent add(Sent query) {
        sent.add(query);
        return query;
    }

    public List<Sent> sent() {
        return sent;
    }

    public Sent last() {
        return sent.get(sent.size() - 1);
    }
}
