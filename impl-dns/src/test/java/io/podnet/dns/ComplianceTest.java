package io.podnet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.dns.wire.Header;
import io.podnet.dns.wire.Octets;
import io.podnet.dns.wire.RecordType;
import io.podnet.dns.wire.WireName;
import io.podnet.netlink.namespace.NamespaceChannels;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** RFC 8906 section 8 as dig commands, and octets that dig does not send. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ComplianceTest {
    private ServedPod served;

    @BeforeAll
    void serve() throws Exception {
        served = new ServedPod(Map.of());
        served.resolver().apply(Shop.example());
    }

    @AfterAll
    void end() throws Exception {
        served.close();
    }

    /** A probe, what its output must have, and what it must not have. */
    record Probe(String name, String arguments, String[] with, String[] without) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Probe probe(String name, String arguments, String[] with, String... without) {
        return new Probe(name, arguments, with, without);
    }

    private static String[] with(String... texts) {
        return texts;
    }

    static Stream<Probe> probes() {
        String apex = "+norec cluster.local SOA ";
        return Stream.of(
                probe("8.1.1 plain", apex + "+noedns", with("NOERROR", " aa", "ANSWER: 1"), "OPT"),
                probe("8.1.2 unknown type", "+norec +noedns TYPE1000 cluster.local", with("NOERROR", " aa", "SOA")),
                probe("8.1.3.1 CD", apex + "+noedns +cd", with("NOERROR", " aa"), " ad"),
                probe("8.1.3.2 AD", apex + "+noedns +ad", with("NOERROR", " aa"), " ad;"),
                probe("8.1.3.3 reserved", apex + "+noedns +zflag", with("NOERROR", " aa"), "MBZ"),
                probe("8.1.3.4 recursion", "+rec cluster.local SOA +noedns", with("NOERROR", " aa", " rd")),
                probe("8.1.4 unknown opcode", "+norec +noedns +opcode=15 +header-only", with("NOTIMP"), " aa"),
                probe("8.1.4 update", "+norec +noedns +opcode=5 +header-only", with("NOTIMP")),
                probe("8.1.4 notify", "+norec +noedns +opcode=4 +header-only", with("NOTIMP")),
                probe("8.1.5 TCP", apex + "+noedns +tcp", with("NOERROR", " aa")),
                probe("8.2.1 EDNS", apex + "+edns=0", with("NOERROR", "version: 0", "udp: 1232")),
                probe("8.2.2 version 1", apex + "+edns=1 +noednsneg +nocookie", with("BADVERS", "version: 0")),
                probe("8.2.3 unknown option", apex + "+ednsopt=100", with("NOERROR", "version: 0"), "OPT=100"),
                probe("8.2.4 unknown flag", apex + "+ednsflags=0x40", with("NOERROR", "version: 0"), "MBZ"),
                probe(
                        "8.2.5 version 1, unknown flag",
                        apex + "+edns=1 +noednsneg +ednsflags=0x40",
                        with("BADVERS", "version: 0"),
                        "MBZ"),
                probe(
                        "8.2.6 version 1, unknown option",
                        apex + "+edns=1 +noednsneg +ednsopt=100",
                        with("BADVERS", "version: 0"),
                        "OPT=100"),
                probe("8.2.7 DO", apex + "+dnssec", with("NOERROR", "flags: do")),
                probe("8.2.8 version 1, DO", apex + "+edns=1 +noednsneg +dnssec", with("BADVERS", "version: 0")),
                probe("8.2.9 many options", apex + "+ednsopt=100 +nsid +expire +subnet=0/0", with("NOERROR"), "NSID"),
                probe("cookie is not echoed", apex + "+cookie=0102030405060708", with("NOERROR"), "COOKIE: 0102"),
                probe("class CH", "+norec CH TXT version.bind", with("REFUSED")),
                probe("class ANY", "+norec cluster.local -c ANY SOA", with("REFUSED")),
                probe("AXFR", "+tcp cluster.local AXFR", with("Transfer failed")),
                probe("TKEY", "cluster.local TKEY", with("REFUSED")),
                probe("OPT as type", "cluster.local TYPE41", with("FORMERR")),
                probe("MAILB", "cluster.local MAILB", with("NOTIMP")));
    }

    @ParameterizedTest
    @MethodSource("probes")
    void behavesAsDocumented(Probe probe) throws Exception {
        String output = served.dig(probe.arguments.split(" "));
        assertThat(output).contains(probe.with);
        for (String text : probe.without) {
            assertThat(output).doesNotContain(text);
        }
    }

    private byte[] exchange(byte[] datagram, boolean expectAnswer) throws Exception {
        try (DatagramChannel channel =
                new NamespaceChannels(served.threads(), served.pod().namespace()).datagram()) {
            channel.connect(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 10}), 53));
            channel.write(ByteBuffer.wrap(datagram));
            if (!expectAnswer) {
                // Whatever comes first has to be the answer to the next query.
                byte[] known = question("cluster.local", RecordType.SOA);
                known[0] = 0x55;
                channel.write(ByteBuffer.wrap(known));
            }
            ByteBuffer answer = ByteBuffer.allocate(65536);
            channel.socket().setSoTimeout(2_000);
            channel.read(answer);
            byte[] octets = new byte[answer.flip().remaining()];
            answer.get(octets);
            return octets;
        }
    }

    private static byte[] question(String name, int type) {
        byte[] wire = WireName.of(name);
        byte[] query = new byte[Header.LENGTH + wire.length + 4];
        Octets.put16(query, Header.QUESTIONS, 1);
        System.arraycopy(wire, 0, query, Header.LENGTH, wire.length);
        Octets.put16(query, query.length - 4, type);
        Octets.put16(query, query.length - 2, 1);
        return query;
    }

    private int code(byte[] datagram) throws Exception {
        return Header.flags(exchange(datagram, true)) & Header.RCODE;
    }

    @Test
    void noTransferOfAnyKind() throws Exception {
        for (int type : new int[] {RecordType.AXFR, RecordType.IXFR}) {
            assertThat(code(question("cluster.local", type))).isEqualTo(5);
        }
    }

    private void silent(byte[] datagram) throws Exception {
        assertThat(exchange(datagram, false)[0]).isEqualTo((byte) 0x55);
    }

    @Test
    void answersAndScrapsGetNoAnswer() throws Exception {
        byte[] response = question("cluster.local", RecordType.SOA);
        Octets.put16(response, Header.FLAGS, Header.QR);
        silent(response);
        silent(new byte[11]);
        silent(new byte[0]);
        silent(new byte[3000]);
    }

    @Test
    void countsThatCannotBeTrueAreFormatErrors() throws Exception {
        for (int[] counts :
                new int[][] {{0, 0, 0, 0}, {2, 0, 0, 0}, {65535, 0, 0, 0}, {1, 1, 0, 0}, {1, 0, 2, 0}, {1, 0, 0, 3}}) {
            byte[] query = question("cluster.local", RecordType.SOA);
            for (int i = 0; i < 4; i++) {
                Octets.put16(query, Header.QUESTIONS + 2 * i, counts[i]);
            }
            assertThat(code(query)).isEqualTo(1);
        }
    }

    @Test
    void namesThatCannotBeAreFormatErrors() throws Exception {
        byte[][] names = {
            {(byte) 0xc0, 12}, {(byte) 0xc0, 0}, {(byte) 0xc0, 30}, {0x40, 1, 0}, {(byte) 0x80, 1, 0}, {5, 'a'}, {}
        };
        for (byte[] name : names) {
            ByteArrayOutputStream query = new ByteArrayOutputStream();
            query.writeBytes(new byte[] {0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0});
            query.writeBytes(name);
            query.writeBytes(new byte[] {0, 1, 0, 1});
            byte[] answer = exchange(query.toByteArray(), true);
            assertThat(Header.flags(answer) & Header.RCODE).isEqualTo(1);
        }
        byte[] full = question("a".repeat(63) + "." + "b".repeat(63) + "." + "c".repeat(63) + "." + "d".repeat(61), 1);
        assertThat(code(full)).isEqualTo(5);
    }

    @Test
    void everyTruncationOfAQueryIsAFormatErrorOrNothing() throws Exception {
        byte[] query = question("api.shop.svc.cluster.local", RecordType.A);
        for (int i = Header.LENGTH; i < query.length; i++) {
            assertThat(code(java.util.Arrays.copyOf(query, i))).isEqualTo(1);
        }
    }

    @Test
    void twoOptRecordsAreAFormatError() throws Exception {
        byte[] plain = question("cluster.local", RecordType.SOA);
        byte[] opt = {0, 0, 41, 4, (byte) 0xd0, 0, 0, 0, 0, 0, 0};
        byte[] query = java.util.Arrays.copyOf(plain, plain.length + 22);
        System.arraycopy(opt, 0, query, plain.length, 11);
        System.arraycopy(opt, 0, query, plain.length + 11, 11);
        Octets.put16(query, Header.ADDITIONALS, 2);
        assertThat(code(query)).isEqualTo(1);
    }

    @Test
    void whatDoesNotFitIsCutAndComesOverTcp() throws Exception {
        String[] endpoints = new String[60];
        for (int i = 0; i < endpoints.length; i++) {
            endpoints[i] = "10.0.4." + (i + 1);
        }
        served.resolver()
                .apply(Shop.change(
                        java.util.List.of(Shop.headless("shop", "many")),
                        java.util.List.of(Shop.slice("shop", "many", "many-4", java.util.List.of(), endpoints)),
                        "shop",
                        "empty"));
        assertThat(served.dig("+ignore", "+noedns", "many.shop.svc.cluster.local", "A"))
                .contains(" tc", "MSG SIZE  rcvd: 5")
                .doesNotContain("ANSWER: 60");
        assertThat(served.dig("+noedns", "many.shop.svc.cluster.local", "A"))
                .contains("ANSWER: 60")
                .doesNotContain(" tc");
        assertThat(served.dig("+bufsize=4096", "+ignore", "many.shop.svc.cluster.local", "A"))
                .contains("ANSWER: 60");
    }
}
