package io.podnet.dns.response;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.podnet.dns.wire.Octets;
import io.podnet.dns.wire.RecordType;
import io.podnet.dns.wire.ResponseCode;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DNAMERecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Whatever a server sends: no exception, and what is kept of it is well-formed and about the question. */
class ResponseReaderFuzzTest {
    private static final int ID = 0x1234;
    private static final Question QUESTION = new Question(DomainName.parse("www.example.com"), RecordType.A);

    private final ResponseReader reader = new ResponseReader();

    @FuzzTest(maxDuration = "10m")
    void anything(byte[] data) throws IOException {
        if (data.length < 1) {
            return;
        }
        byte[] message = withQuestion(data);
        if (!QUESTION.isAnsweredBy(message, message.length, ID)) {
            return;
        }
        boolean dnssec = (data[0] & 1) != 0;
        if (reader.read(message, message.length, QUESTION, dnssec) instanceof Response.Answer answer) {
            check(answer.image(), dnssec);
        }
    }

    /** The first octet chooses; the rest is a message whose header and question are made to match. */
    private static byte[] withQuestion(byte[] data) {
        int front = 12 + QUESTION.length();
        byte[] message = new byte[Math.max(front, data.length - 1)];
        System.arraycopy(data, 1, message, 0, data.length - 1);
        Octets.put16(message, 0, ID);
        Octets.put16(message, 2, (Octets.u16(message, 2) | 0x8000) & ~0x7800);
        Octets.put16(message, 4, 1);
        QUESTION.writeTo(message);
        return message;
    }

    private static void check(Image image, boolean dnssec) throws IOException {
        Optional<Message> whole = parse(image.toMessage(QUESTION, 1, 0), dnssec);
        if (whole.isEmpty()) {
            return;
        }
        Message read = whole.get();
        Set<Name> chain = new HashSet<>();
        Name end = read.getQuestion().getName();
        chain.add(end);
        for (Record record : read.getSection(Section.ANSWER)) {
            if (record instanceof DNAMERecord dname) {
                require(end.subdomain(dname.getName()), "DNAME elsewhere: " + record);
            } else {
                require(chain.contains(record.getName()), "not on the chain: " + record);
            }
            if (record instanceof CNAMERecord alias) {
                end = alias.getTarget();
                chain.add(end);
            }
            require(record.getTTL() <= 86_400, "TTL " + record);
        }
        for (Record record : read.getSection(Section.AUTHORITY)) {
            require(dnssec || record.getType() == Type.SOA, "authority " + record);
            require(record.getType() != Type.SOA || end.subdomain(record.getName()), "SOA elsewhere " + record);
        }
        require(read.getSection(Section.ADDITIONAL).isEmpty(), "additional records");
        require(image.ttl() >= 0 && image.ttl() <= 86_400, "TTL " + image.ttl());
        require(
                image.rcode() == ResponseCode.NOERROR || image.rcode() == ResponseCode.NXDOMAIN,
                "rcode " + image.rcode());
        // What is kept can be put behind an alias, which writes it once more.
        Question alias = new Question(DomainName.parse("www.example.com.shop.svc.cluster.local"), RecordType.A);
        parse(Images.alias(alias, QUESTION.name(), image, 5).toMessage(), dnssec);
    }

    /**
     * Reads what we wrote. With DNSSEC's records dnsjava looks into data that is opaque to us: a signer's name with a pointer,
     * which RFC 4034 section 3.1.7 forbids, is passed on as it came and may mean nothing behind an alias.
     */
    private static Optional<Message> parse(byte[] message, boolean dnssec) throws IOException {
        try {
            return Optional.of(new Message(message));
        } catch (IOException e) {
            if (dnssec) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }
}
