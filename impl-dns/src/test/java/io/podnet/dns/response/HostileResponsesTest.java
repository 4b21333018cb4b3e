package io.podnet.dns.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.sun.management.ThreadMXBean;
import io.podnet.dns.forward.SimulatedUpstreams;
import io.podnet.dns.wire.Octets;
import io.podnet.dns.wire.RecordType;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Servers that lie. */
class HostileResponsesTest {
    private static final Question QUESTION = new Question(DomainName.parse("www.example.com"), RecordType.A);
    private static final int FRONT = 12 + 21;

    private final ResponseReader reader = new ResponseReader();

    private static Message response(int rcode) {
        Message message = new Message(1);
        message.getHeader().setFlag(Flags.QR);
        message.getHeader().setRcode(rcode);
        message.addRecord(
                Record.newRecord(Name.fromConstantString("www.example.com."), Type.A, DClass.IN), Section.QUESTION);
        return message;
    }

    private static byte[] response(String... answers) {
        Message message = response(0);
        SimulatedUpstreams.records(answers).forEach(record -> message.addRecord(record, Section.ANSWER));
        return message.toWire();
    }

    private Response read(byte[] message) {
        return reader.read(message, message.length, QUESTION, false);
    }

    @Test
    @DisplayName("RFC 9267: each way to cut a message is found")
    void everyTruncation() {
        Message message = response(0);
        SimulatedUpstreams.records(
                        "www.example.com. 60 CNAME a.example.com.",
                        "a.example.com. 60 A 192.0.2.1",
                        "a.example.com. 60 A 192.0.2.2")
                .forEach(record -> message.addRecord(record, Section.ANSWER));
        message.addRecord(SimulatedUpstreams.soa("example.com.", 60, 60), Section.AUTHORITY);
        byte[] whole = message.toWire();
        assertThat(read(whole)).isInstanceOf(Response.Answer.class);
        for (int length = FRONT; length < whole.length; length++) {
            assertThat(read(Arrays.copyOf(whole, length)))
                    .as("%d of %d octets", length, whole.length)
                    .isInstanceOf(Response.Malformed.class);
        }
    }

    static Stream<byte[]> owners() {
        byte[] label64 = new byte[66];
        label64[0] = 64;
        byte[] label128 = new byte[130];
        label128[0] = (byte) 128;
        byte[] label191 = new byte[193];
        label191[0] = (byte) 191;
        byte[] long256 = new byte[4 * 64 + 1];
        for (int i = 0; i < 4; i++) {
            long256[i * 64] = 63;
        }
        return Stream.of(
                new byte[] {(byte) 0xc0, FRONT}, // itself
                new byte[] {1, 'a', (byte) 0xc0, FRONT}, // its own beginning
                new byte[] {(byte) 0xc0, FRONT + 2}, // forwards
                new byte[] {(byte) 0xff, (byte) 0xff}, // far forwards
                new byte[] {(byte) 0xc0, 0}, // into the header
                new byte[] {(byte) 0xc0, 11}, // the header's last octet
                label64,
                label128,
                label191,
                long256);
    }

    @ParameterizedTest
    @MethodSource("owners")
    @DisplayName("netty CVE-2026-42579, RFC 9267: names that are none")
    void names(byte[] owner) {
        byte[] message = Arrays.copyOf(response(), FRONT + owner.length + 14);
        Octets.put16(message, 6, 1);
        System.arraycopy(owner, 0, message, FRONT, owner.length);
        Octets.put16(message, FRONT + owner.length, RecordType.A);
        Octets.put16(message, FRONT + owner.length + 2, 1);
        Octets.put16(message, FRONT + owner.length + 8, 4);
        assertThat(read(message)).isInstanceOf(Response.Malformed.class);
    }

    @Test
    @DisplayName("dnsmasq CVE-2026-4890: a chain of pointers ends")
    void chainOfPointers() {
        byte[] message = Arrays.copyOf(response(), 20_000);
        Octets.put16(message, 6, 1_000);
        // Each pointer leads to the one before.
        for (int at = FRONT; at + 2 <= message.length; at += 2) {
            Octets.put16(message, at, 0xc000 | Math.min(at - 2, 0x3fff));
        }
        assertThat(read(message)).isInstanceOf(Response.Malformed.class);
    }

    @Test
    @DisplayName("dnsmasq CVE-2026-2291: the same name by pointer, in another case, is the same; a longer one is not")
    void sameNames() {
        byte[] message = response("WWW.EXAMPLE.COM. 60 A 192.0.2.1", "wwww.example.com. 60 A 192.0.2.66");
        Response.Answer answer = (Response.Answer) read(message);
        assertThat(answer.image().answers()).isEqualTo(1);
    }

    static Stream<Arguments> wrongData() {
        return Stream.of(
                arguments(RecordType.A, new byte[] {1, 2, 3}),
                arguments(RecordType.A, new byte[] {1, 2, 3, 4, 5}),
                arguments(RecordType.CNAME, new byte[0]),
                arguments(RecordType.CNAME, new byte[] {0, 0, 0}),
                arguments(RecordType.CNAME, new byte[] {(byte) 0xc0, (byte) 0xff}),
                arguments(RecordType.CNAME, new byte[] {5, 'a'}));
    }

    @ParameterizedTest
    @MethodSource("wrongData")
    @DisplayName("dnsmasq CVE-2026-5172: data that is none of its type")
    void wrongData(int type, byte[] data) {
        byte[] message = Arrays.copyOf(response(), FRONT + 12 + data.length);
        Octets.put16(message, 6, 1);
        Octets.put16(message, FRONT, 0xc00c);
        Octets.put16(message, FRONT + 2, type);
        Octets.put16(message, FRONT + 4, 1);
        Octets.put16(message, FRONT + 10, data.length);
        System.arraycopy(data, 0, message, FRONT + 12, data.length);
        assertThat(read(message)).isNotInstanceOf(Response.Answer.class);
    }

    @Test
    @DisplayName("CVE-2026-82399: counts that no message has room for cost nothing")
    void claimedCounts() {
        List<byte[]> messages = new ArrayList<>();
        for (int length : new int[] {FRONT, 512, 65_535}) {
            byte[] message = Arrays.copyOf(response(), length);
            Octets.put16(message, 6, 0xffff);
            Octets.put16(message, 8, 0xffff);
            Octets.put16(message, 10, 0xffff);
            messages.add(message);
        }
        messages.forEach(message -> assertThat(read(message)).isInstanceOf(Response.Malformed.class));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (byte[] message : messages) {
            read(message);
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            for (int i = 0; i < 100; i++) {
                read(message);
            }
            long allocated =
                    threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
            assertThat(allocated)
                    .as("octets for 100 messages of %d", message.length)
                    .isLessThan(10_000);
        }
    }

    @Test
    @DisplayName("A message full of records costs no more than some of its sizes")
    void manyRecords() {
        byte[] message = new byte[65_535];
        System.arraycopy(response(), 0, message, 0, FRONT);
        int count = (message.length - FRONT) / 16;
        Octets.put16(message, 6, count);
        for (int i = 0; i < count; i++) {
            int at = FRONT + 16 * i;
            Octets.put16(message, at, 0xc00c);
            Octets.put16(message, at + 2, RecordType.A);
            Octets.put16(message, at + 4, 1);
            Octets.put32(message, at + 6, 60);
            Octets.put16(message, at + 10, 4);
            Octets.put32(message, at + 12, i);
        }
        int length = FRONT + 16 * count;
        for (int i = 0; i < 3; i++) {
            assertThat(reader.read(message, length, QUESTION, false)).isInstanceOf(Response.Answer.class);
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        reader.read(message, length, QUESTION, false);
        long allocated = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertThat(allocated).isLessThan(8L * message.length);
    }

    @Test
    @DisplayName("A circle of aliases, a second alias, and a chain without end")
    void chains() {
        assertThat(read(response(
                        "www.example.com. 60 CNAME a.example.com.", "a.example.com. 60 CNAME www.example.com.")))
                .isInstanceOf(Response.Failure.class);
        Response.Answer two = (Response.Answer) read(response(
                "www.example.com. 60 CNAME a.example.com.",
                "www.example.com. 60 CNAME evil.example.com.",
                "a.example.com. 60 A 192.0.2.1",
                "evil.example.com. 60 A 192.0.2.66"));
        assertThat(two.image().answers()).isEqualTo(2);
        String[] chain = new String[100];
        for (int i = 0; i < chain.length; i++) {
            chain[i] = (i == 0 ? "www" : "n" + i) + ".example.com. 60 CNAME n" + (i + 1) + ".example.com.";
        }
        assertThat(read(response(chain))).isInstanceOf(Response.Failure.class);
    }

    @Test
    @DisplayName("Random messages: what dnsjava made is kept as it is, without what is not asked for")
    void randomMessages() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String[] names = {"www.example.com.", "a.example.com.", "b.example.net.", "other.example.", "com."};
        for (int round = 0; round < 3_000; round++) {
            Message message = response(0);
            int count = random.nextInt(8);
            for (int i = 0; i < count; i++) {
                String name = names[random.nextInt(names.length)];
                String data = switch (random.nextInt(4)) {
                    case 0 -> " CNAME " + names[random.nextInt(names.length)];
                    case 1 -> " MX 10 " + names[random.nextInt(names.length)];
                    case 2 -> " AAAA 2001:db8::" + random.nextInt(100);
                    default -> " A 192.0.2." + random.nextInt(200);
                };
                message.addRecord(
                        SimulatedUpstreams.records(name + " " + random.nextInt(100_000) + data)
                                .get(0),
                        Section.ANSWER);
            }
            message.addRecord(SimulatedUpstreams.soa("example.com.", 60, 60), Section.AUTHORITY);
            byte[] wire = message.toWire();
            if (!(read(wire) instanceof Response.Answer answer)) {
                continue;
            }
            Message kept = new Message(answer.image().toMessage());
            List<String> original = message.getSection(Section.ANSWER).stream()
                    .map(record -> record.getName() + " " + record.getType() + " " + record.rdataToString())
                    .toList();
            for (Record record : kept.getSection(Section.ANSWER)) {
                assertThat(original)
                        .as("seed %d, round %d", seed, round)
                        .contains(record.getName() + " " + record.getType() + " " + record.rdataToString());
            }
            // Straight answers are all there, also one that was sent twice with two TTLs.
            boolean aliased = original.stream().anyMatch(line -> line.startsWith("www.example.com. 5 "));
            if (!aliased) {
                assertThat(kept.getSection(Section.ANSWER).stream()
                                .map(record ->
                                        record.getName() + " " + record.getType() + " " + record.rdataToString()))
                        .as("seed %d, round %d", seed, round)
                        .containsExactlyInAnyOrderElementsOf(original.stream()
                                .filter(line -> line.startsWith("www.example.com. 1 "))
                                .toList());
            }
        }
    }
}
