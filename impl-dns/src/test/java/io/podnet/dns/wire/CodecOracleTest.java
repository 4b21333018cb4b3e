package io.podnet.dns.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** dnsjava writes and reads what this room reads and writes, and both say the same. */
class CodecOracleTest {
    private static final int MESSAGES = 3_000;

    private final Random random;

    CodecOracleTest() {
        long seed = Long.getLong("podnet.seed", System.nanoTime());
        System.out.println("CodecOracleTest: -Dpodnet.seed=" + seed);
        random = new Random(seed);
    }

    private Name name() throws Exception {
        String[] ends = {"svc.cluster.local.", "Cluster.local.", "example.com.", "com.", "."};
        StringBuilder name = new StringBuilder();
        for (int i = random.nextInt(3); i > 0; i--) {
            name.append("aB".repeat(1 + random.nextInt(6)))
                    .append(random.nextInt(5))
                    .append('.');
        }
        String end = ends[random.nextInt(ends.length)];
        return Name.fromString(name.length() > 0 && end.equals(".") ? name.toString() : name + end);
    }

    private Record record() throws Exception {
        Name owner = name();
        long ttl = random.nextInt(100_000);
        byte[] octets = new byte[16];
        random.nextBytes(octets);
        return switch (random.nextInt(10)) {
            case 0 -> new ARecord(owner, DClass.IN, ttl, InetAddress.getByAddress(Arrays.copyOf(octets, 4)));
            case 1 -> new AAAARecord(owner, DClass.IN, ttl, octets);
            case 2 -> new CNAMERecord(owner, DClass.IN, ttl, name());
            case 3 -> new PTRRecord(owner, DClass.IN, ttl, name());
            case 4 -> new NSRecord(owner, DClass.IN, ttl, name());
            case 5 -> new MXRecord(owner, DClass.IN, ttl, random.nextInt(65536), name());
            case 6 ->
                new SRVRecord(owner, DClass.IN, ttl, random.nextInt(9), random.nextInt(9), random.nextInt(9), name());
            case 7 -> new SOARecord(owner, DClass.IN, ttl, name(), name(), random.nextInt(1 << 20), 1, 2, 3, 4);
            case 8 -> new TXTRecord(owner, DClass.IN, ttl, List.of("a b", "x".repeat(random.nextInt(200))));
            default -> Record.newRecord(owner, 65_280, DClass.IN, ttl, octets);
        };
    }

    private Message message() throws Exception {
        Message message = new Message(random.nextInt(65536));
        message.getHeader().setFlag(Flags.QR);
        message.addRecord(Record.newRecord(name(), Type.A, DClass.IN), Section.QUESTION);
        for (int section : new int[] {Section.ANSWER, Section.AUTHORITY, Section.ADDITIONAL}) {
            for (int i = random.nextInt(5); i > 0; i--) {
                message.addRecord(record(), section);
            }
        }
        return message;
    }

    private static List<String> records(Message message) {
        List<String> all = new ArrayList<>();
        for (int section : new int[] {Section.ANSWER, Section.AUTHORITY, Section.ADDITIONAL}) {
            for (Record record : message.getSection(section)) {
                // A name that the question has too comes back in the question's letters.
                all.add((section + " " + record.getName() + " " + record.getTTL() + " " + record.getType() + " "
                                + record.rdataToString().replaceAll("\\s+", " "))
                        .toLowerCase(java.util.Locale.ROOT));
            }
        }
        return all;
    }

    @Test
    void walksAndCopiesWhatDnsjavaWrites() throws Exception {
        byte[] into = new byte[65535];
        for (int i = 0; i < MESSAGES; i++) {
            Message message = message();
            byte[] octets = message.toWire();
            assertThat(records(new Message(copy(octets, into)))).isEqualTo(records(message));
        }
    }

    private byte[] copy(byte[] octets, byte[] into) throws Exception {
        byte[] asked =
                Message.newQuery(Record.newRecord(name(), Type.A, DClass.IN)).toWire();
        Query query = new Query();
        assertThat(query.read(asked, asked.length)).isZero();
        MessageWriter writer = new MessageWriter();
        writer.start(asked, query, into, into.length);
        ResponseWalker walker = new ResponseWalker();
        assertThat(walker.start(octets, octets.length)).isTrue();
        while (walker.next()) {
            writer.section(walker.section());
            assertThat(writer.copy(octets, walker, 0, walker.ttl())).isTrue();
        }
        assertThat(walker.malformed()).isFalse();
        return Arrays.copyOf(into, writer.finish(0, 0, 1232, ExtendedError.NONE));
    }

    @Test
    void writesDataAsDnsjavaDoes() throws Exception {
        for (int i = 0; i < MESSAGES; i++) {
            Message message = message();
            byte[] octets = message.toWire();
            ResponseWalker walker = new ResponseWalker();
            assertThat(walker.start(octets, octets.length)).isTrue();
            for (int section : new int[] {Section.ANSWER, Section.AUTHORITY, Section.ADDITIONAL}) {
                for (Record record : message.getSection(section)) {
                    assertThat(walker.next()).isTrue();
                    String data = DataText.format(octets, walker);
                    if (record.getType() != 65_280 && record.getType() != Type.AAAA && record.getType() != Type.TXT) {
                        // Names are shortened to their equals in another case.
                        assertThat(data).isEqualToIgnoringCase(record.rdataToString());
                    }
                    if (record.getType() != Type.SOA) {
                        byte[] whole = record.toWire(Section.ANSWER);
                        byte[] parsed = DataText.parse(record.getType(), data);
                        int from = whole.length - parsed.length;
                        assertThat(WireName.same(whole, from, parsed, 0, parsed.length))
                                .isTrue();
                    }
                }
            }
            assertThat(walker.next()).isFalse();
        }
    }

    @Test
    void everyTruncationIsMalformedOrEndsTheWalk() throws Exception {
        ResponseWalker walker = new ResponseWalker();
        for (int i = 0; i < 200; i++) {
            byte[] octets = message().toWire();
            for (int length = 0; length < octets.length; length++) {
                int seen = 0;
                if (walker.start(Arrays.copyOf(octets, length), length)) {
                    while (walker.next()) {
                        assertThat(walker.end()).isLessThanOrEqualTo(length);
                        seen++;
                    }
                }
                assertThat(seen * 11).isLessThanOrEqualTo(length);
            }
        }
    }
}
