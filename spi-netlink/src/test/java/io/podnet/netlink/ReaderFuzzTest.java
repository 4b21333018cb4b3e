package io.podnet.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import io.podnet.netlink.codec.AttributeReader;
import io.podnet.netlink.codec.MalformedMessageException;
import io.podnet.netlink.codec.MessageReader;
import io.podnet.netlink.conntrack.UdpConnections;
import io.podnet.netlink.fake.FakeKernel;
import io.podnet.netlink.route.RouteFilter;
import io.podnet.netlink.route.RouteNetlink;
import io.podnet.netlink.socket.NetlinkConversation;
import io.podnet.netlink.traffic.TrafficControl;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Damaged messages: reading ends, and fails with the one exception that says so. */
class ReaderFuzzTest {
    private static final long SEED = 20_261_122L;
    private static final int DEEPEST = 5;

    private static byte[] damage(byte[] golden, Random random) {
        byte[] bytes = golden.clone();
        int changes = random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes[at] = 0;
                // Most damage is in lengths, which are at multiples of 4.
                default -> bytes[at & ~3] = (byte) random.nextInt();
            }
        }
        return random.nextBoolean() ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes;
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void theReadersFailOnlyWithMalformedMessage() {
        Random random = new Random(SEED);
        int malformed = 0;
        for (String name : Golden.NAMES) {
            byte[] golden = Golden.bytes(name);
            assertThat(walk(golden)).as(name).isTrue();
            for (int round = 0; round < 250; round++) {
                byte[] bytes = damage(golden, random);
                try {
                    malformed += walk(bytes) ? 0 : 1;
                } catch (RuntimeException other) {
                    fail(
                            "seed " + SEED + ", " + name + " round " + round + ": "
                                    + HexFormat.of().formatHex(bytes),
                            other);
                }
            }
        }
        assertThat(malformed).isGreaterThan(300);
    }

    /** Reads everything in every way. */
    private static boolean walk(byte[] bytes) {
        MessageReader reader = Golden.reader(bytes);
        try {
            while (reader.next()) {
                reader.type();
                reader.flags();
                for (int header : new int[] {0, 4, 8, 12, 16, 20}) {
                    if (header <= reader.payloadLength()) {
                        walk(reader.attributes(header), 0);
                    }
                }
            }
            return true;
        } catch (MalformedMessageException expected) {
            return false;
        }
    }

    private static void walk(AttributeReader attributes, int depth) {
        try {
            while (attributes.next()) {
                attributes.type();
                attributes.string();
                attributes.bytes();
                attributes.stringEquals("veth");
                getters(attributes);
                if (depth < DEEPEST) {
                    walk(attributes.nested(), depth + 1);
                }
            }
        } catch (MalformedMessageException expected) {
            // Values that are no attributes are walked as such too.
        }
    }

    private static void getters(AttributeReader attributes) {
        for (Runnable getter : List.<Runnable>of(
                attributes::u8,
                attributes::u16,
                attributes::s32,
                attributes::u32,
                attributes::u64,
                attributes::be16,
                attributes::be32,
                attributes::be64,
                attributes::address,
                attributes::mac,
                () -> attributes.s32At(28),
                () -> attributes.nestedAt(16))) {
            try {
                getter.run();
            } catch (MalformedMessageException expected) {
                // Too short for this getter.
            }
        }
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void aDamagedAnswerIsAPodnetExceptionOrAValue() {
        Random random = new Random(SEED);
        for (int round = 0; round < 4_000; round++) {
            String name = Golden.NAMES.get(random.nextInt(Golden.NAMES.size()));
            byte[] bytes = damage(Golden.bytes(name), random);
            int operation = random.nextInt(11);
            try {
                ask(operation, bytes);
            } catch (PodnetException expected) {
                assertThat(expected.getMessage()).isNotEmpty();
            } catch (RuntimeException other) {
                fail(
                        "seed " + SEED + ", round " + round + ", " + name + ", operation " + operation + ": "
                                + HexFormat.of().formatHex(bytes),
                        other);
            }
        }
    }

    private static void ask(int operation, byte[] answer) {
        FakeKernel[] kernel = new FakeKernel[1];
        kernel[0] = new FakeKernel((request, reply) -> {
            kernel[0].deliver(addressed(answer, request.sequence()));
            return 0;
        });
        try (RouteNetlink route = new RouteNetlink(new NetlinkConversation(kernel[0]))) {
            TrafficControl traffic = new TrafficControl(route.conversation());
            switch (operation) {
                case 0 -> route.links().find("veth0");
                case 1 -> route.links().list();
                case 2 -> route.bridgePorts().list();
                case 3 -> route.addresses().list();
                case 4 -> route.routes().list(RouteFilter.all(IpFamily.IPV4));
                case 5 -> route.routes().list(RouteFilter.all(IpFamily.IPV6));
                case 6 -> route.rules().list(IpFamily.IPV4);
                case 7 -> route.neighbours().list(IpFamily.IPV4, 0);
                case 8 -> route.bridgeFdb().list(4);
                case 9 -> new UdpConnections(route.conversation()).list(flow -> true);
                default -> {
                    traffic.list();
                    traffic.shaping(3);
                    traffic.ingressRedirect(3);
                }
            }
        }
    }

    /** Puts in the sequence number and port that the conversation waits for, as far as the headers can be found. */
    private static byte[] addressed(byte[] answer, int sequence) {
        ByteBuffer buffer = ByteBuffer.wrap(answer.clone()).order(ByteOrder.nativeOrder());
        int at = 0;
        while (at >= 0 && at <= answer.length - 16) {
            buffer.putInt(at + 8, sequence).putInt(at + 12, FakeKernel.PORT_ID);
            int length = buffer.getInt(at);
            at = length < 16 || length > answer.length ? -1 : at + (length + 3 & ~3);
        }
        return buffer.array();
    }
}
