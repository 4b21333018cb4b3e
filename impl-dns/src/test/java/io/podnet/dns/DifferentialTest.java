package io.podnet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.netlink.namespace.NamespaceChannels;
import io.podnet.spi.NameChanges;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * The same records in NSD as static zones: code, flags, answers and authority of thousands of random questions are equal,
 * but for these differences:
 *
 * <ul>
 *   <li>ANY: one HINFO record (RFC 8482 section 4.2), NSD gives all records or sets TC.
 *   <li>Answers that do not fit: as many records as fit and TC (RFC 2181 section 9 lets the client use none of them), NSD
 *       leaves all out. The code and TC are compared.
 *   <li>Additional records, which are optional (RFC 1034 section 3.7), and the authority section's NS of positive answers
 *       (RFC 1034 section 4.3.2 step 6, left out by {@code minimal-responses}).
 * </ul>
 */
class DifferentialTest {
    private static final int QUESTIONS = 20_000;
    private static final List<String> REVERSE = List.of(
            "0.10.in-addr.arpa.",
            "96.10.in-addr.arpa.",
            "0.0.0.0.0.0.0.0.0.1.0.0.0.0.d.f.ip6.arpa.",
            "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.6.9.0.0.0.0.d.f.ip6.arpa.");
    private static final int[] TYPES = {
        Type.A,
        Type.AAAA,
        Type.SRV,
        Type.PTR,
        Type.CNAME,
        Type.TXT,
        Type.SOA,
        Type.NS,
        Type.MX,
        Type.HTTPS,
        Type.DS,
        65280
    };

    @Test
    void answersAsNsdDoes(@TempDir Path directory) throws Exception {
        long seed = Long.getLong("podnet.seed", System.nanoTime());
        System.out.println("DifferentialTest: -Dpodnet.seed=" + seed);
        NameChanges state = RandomCluster.of(seed);
        try (ServedPod served = new ServedPod(Map.of())) {
            long generation = served.resolver().apply(state);
            StaticZone zone = new StaticZone(state, REVERSE, generation & 0xffff_ffffL);
            Process nsd = startNsd(served, zone, directory);
            try (Questions ours = new Questions(served, ServedPod.ADDRESS, 53);
                    Questions theirs = new Questions(served, "127.0.0.1", 5302)) {
                theirs.awaitAnswer();
                compare(ours, theirs, new Cases(zone.records(), new Random(seed)));
            } finally {
                nsd.destroy();
                nsd.waitFor();
            }
        }
    }

    private static Process startNsd(ServedPod served, StaticZone zone, Path directory) throws Exception {
        StringBuilder conf = new StringBuilder("server:\n server-count: 1\n ip-address: 127.0.0.1@5302\n zonesdir: \""
                + directory + "\"\n pidfile: \"\"\n username: \"\"\n database: \"\"\n zonelistfile: \"" + directory
                + "/list\"\n xfrdfile: \"" + directory + "/xfrd\"\n xfrdir: \"" + directory
                + "\"\n rrl-ratelimit: 0\n rrl-whitelist-ratelimit: 0\n minimal-responses: yes\n"
                + " refuse-any: yes\nremote-control:\n control-enable: no\n");
        int i = 0;
        for (String apex : zone.apexes()) {
            Files.writeString(directory.resolve("zone" + i), zone.text(apex));
            conf.append("zone:\n name: ")
                    .append(apex)
                    .append("\n zonefile: zone")
                    .append(i++)
                    .append('\n');
        }
        Path file = Files.writeString(directory.resolve("nsd.conf"), conf);
        return new ProcessBuilder(served.pod().command("nsd", "-d", "-c", file.toString()))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("nsd.log").toFile())
                .start();
    }

    private static void compare(Questions ours, Questions theirs, Cases cases) throws Exception {
        List<String> differences = new ArrayList<>();
        int positive = 0;
        int missing = 0;
        for (int i = 0; i < QUESTIONS; i++) {
            Message query = cases.next();
            Message our = ours.ask(query);
            Message their = theirs.ask(query);
            String expected = shown(their);
            if (!shown(our).equals(expected)) {
                differences.add(query.getQuestion() + " " + query.getHeader() + "\n ours   " + shown(our) + "\n theirs "
                        + expected);
            }
            positive += our.getSection(Section.ANSWER).isEmpty() ? 0 : 1;
            missing += our.getRcode() == 3 ? 1 : 0;
        }
        assertThat(differences.stream().limit(10)).isEmpty();
        // The cases are worth something only where both kinds are among them.
        assertThat(positive).isGreaterThan(QUESTIONS / 10);
        assertThat(missing).isGreaterThan(QUESTIONS / 10);
    }

    private static String shown(Message message) {
        boolean cut = message.getHeader().getFlag(Flags.TC);
        StringBuilder flags = new StringBuilder();
        for (int flag : new int[] {Flags.QR, Flags.AA, Flags.TC, Flags.RD, Flags.RA, Flags.AD}) {
            flags.append(message.getHeader().getFlag(flag) ? Flags.string(flag) + " " : "");
        }
        OPTRecord opt = message.getOPT();
        return message.getRcode() + " " + flags
                + (cut
                        ? ""
                        : sorted(message.getSection(Section.ANSWER)) + " "
                                + sorted(message.getSection(Section.AUTHORITY)))
                + (opt == null ? "" : " edns " + opt.getVersion() + " " + (opt.getFlags() & 0x8000));
    }

    private static Collection<String> sorted(List<Record> records) {
        return records.stream()
                .map(record -> record.toString().toLowerCase(java.util.Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Questions about names that exist, almost exist, or lie between. */
    private static final class Cases {
        private final List<String> records;
        private final Random random;

        Cases(List<String> records, Random random) {
            this.records = records;
            this.random = random;
        }

        Message next() throws Exception {
            String[] record = records.get(random.nextInt(records.size())).split(" ", 3);
            String name = record[0];
            int type = random.nextBoolean() ? Type.value(record[1]) : TYPES[random.nextInt(TYPES.length)];
            switch (random.nextInt(8)) {
                case 0 -> name = name.substring(name.indexOf('.') + 1);
                case 1 -> name = "x." + name;
                case 2 -> name = "_tcp." + name;
                case 3 -> name = mutated(name);
                case 4 -> name = name.replaceFirst("^[^.]*\\.[^.]*\\.", "");
                case 5 -> name = upper(name);
                default -> {
                    // As it is.
                }
            }
            if (name.isEmpty()) {
                name = "cluster.local.";
            }
            Message query = Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN));
            for (int flag : new int[] {Flags.RD, Flags.AD}) {
                if (random.nextBoolean()) {
                    query.getHeader().setFlag(flag);
                } else {
                    query.getHeader().unsetFlag(flag);
                }
            }
            if (random.nextBoolean()) {
                query.addRecord(
                        new OPTRecord(512 + random.nextInt(4000), 0, 0, random.nextBoolean() ? 0x8000 : 0),
                        Section.ADDITIONAL);
            }
            return query;
        }

        private String mutated(String name) {
            int at = random.nextInt(name.length());
            char c = name.charAt(at);
            return c == '.' ? name : name.substring(0, at) + (char) ('a' + random.nextInt(26)) + name.substring(at + 1);
        }

        private String upper(String name) {
            StringBuilder mixed = new StringBuilder();
            name.chars().forEach(c -> mixed.append((char) (random.nextBoolean() ? Character.toUpperCase(c) : c)));
            return mixed.toString();
        }
    }

    /** A socket inside the pod that asks one server. */
    private static final class Questions implements AutoCloseable {
        private final DatagramChannel channel;
        private final Selector selector = Selector.open();
        private final ByteBuffer buffer = ByteBuffer.allocate(65536);

        Questions(ServedPod served, String address, int port) throws Exception {
            channel = new NamespaceChannels(served.threads(), served.pod().namespace()).datagram();
            channel.connect(new InetSocketAddress(
                    InetAddress.getByAddress(
                            io.podnet.api.IpAddress.parse(address).toBytes()),
                    port));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
        }

        Message ask(Message query) throws Exception {
            channel.write(ByteBuffer.wrap(query.toWire()));
            Message answer = read(5_000);
            while (answer != null
                    && answer.getHeader().getID() != query.getHeader().getID()) {
                // An answer to one of the questions that asked whether the server is there.
                answer = read(5_000);
            }
            assertThat(answer).as("an answer to " + query).isNotNull();
            return answer;
        }

        private Message read(long millis) throws Exception {
            if (selector.select(millis) == 0) {
                return null;
            }
            selector.selectedKeys().clear();
            channel.read(buffer.clear());
            byte[] octets = new byte[buffer.flip().remaining()];
            buffer.get(octets);
            return new Message(octets);
        }

        void awaitAnswer() throws Exception {
            Message query = Message.newQuery(Record.newRecord(Name.fromString("cluster.local."), Type.SOA, DClass.IN));
            for (int i = 0; i < 100; i++) {
                try {
                    channel.write(ByteBuffer.wrap(query.toWire()));
                    Message answer = read(100);
                    if (answer != null && answer.getRcode() == 0) {
                        return;
                    }
                } catch (java.net.PortUnreachableException notYet) {
                    Thread.sleep(100);
                }
            }
            throw new AssertionError("NSD does not answer");
        }

        @Override
        public void close() throws Exception {
            selector.close();
            channel.close();
        }
    }
}
