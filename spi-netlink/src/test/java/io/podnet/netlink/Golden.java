package io.podnet.netlink;

import io.podnet.netlink.codec.MessageReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * Real messages of a Linux 6.18 kernel on x86-64, as annotated hexadecimal text. Little-endian, as every machine that
 * these tests run on.
 */
public final class Golden {
    /** All of them. */
    public static final List<String> NAMES = List.of(
            "ack",
            "done-error",
            "error-exists",
            "error-policy",
            "error-unknown-kind",
            "newaddr",
            "newct-udp-v4",
            "newct-udp-v6",
            "newgen",
            "newlink-bridge-port",
            "newlink-lo",
            "newlink-veth",
            "newlink-vxlan",
            "newneigh-fdb",
            "newneigh-v4",
            "newqdisc-tbf",
            "newroute-v4",
            "newroute-v6",
            "newrule-v4",
            "newtfilter-u32",
            "request-newlink-veth",
            "request-newlink-veth-late");

    private Golden() {}

    public static byte[] bytes(String name) {
        try (InputStream in = Golden.class.getResourceAsStream("golden/" + name + ".hex")) {
            StringBuilder digits = new StringBuilder();
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.replaceAll("#.*", "").replace(" ", ""))
                    .forEach(digits::append);
            return HexFormat.of().parseHex(digits);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    public static MessageReader reader(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        return new MessageReader().wrap(buffer, 0, bytes.length);
    }

    /** The first message. */
    public static MessageReader message(String name) {
        return message(name, 0);
    }

    public static MessageReader message(String name, int index) {
        MessageReader reader = reader(bytes(name));
        for (int i = 0; i <= index; i++) {
            if (!reader.next()) {
                throw new IllegalArgumentException(name + " has no message " + index);
            }
        }
        return reader;
    }
}
