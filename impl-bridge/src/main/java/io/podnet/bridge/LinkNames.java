package io.podnet.bridge;

import io.podnet.api.AttachmentId;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.MacAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names, groups and MAC addresses that follow from an attachment alone, so that teardown and adoption need no memory.
 * Links of ours are known by their prefix and group.
 */
final class LinkNames {
    /** Prefix of a pod's host end. */
    static final String PORT_PREFIX = "pn";
    /** Prefix of the ifb device that shapes what a pod sends. */
    static final String SHAPER_PREFIX = "pi";
    /** IFLA_GROUP of links in use. */
    static final int GROUP_LIVE = 0x706e;
    /** IFLA_GROUP of links that were torn down and wait to be freed together. */
    static final int GROUP_DEAD = 0x706f;

    // The prefix that kubenet and the CNI plugins put before an IPv4 address to make a MAC address.
    private static final long PRIVATE_PREFIX = 0x0a58_0000_0000L;
    private static final int ID_CHARACTERS = 12;

    private LinkNames() {}

    static String hostPort(AttachmentId id) {
        return PORT_PREFIX + suffix(id);
    }

    static String shaper(AttachmentId id) {
        return SHAPER_PREFIX + suffix(id);
    }

    /** Twelve characters: the digits of a sandbox id of ours, or a hash of any other. */
    private static String suffix(AttachmentId id) {
        if (id.sandboxId().matches("[0-9a-f]{12}") && id.ifName().equals("eth0")) {
            return id.sandboxId();
        }
        return digest(id.toString()).substring(0, ID_CHARACTERS);
    }

    /** SHA-256 in hexadecimal digits. */
    static String digest(String text) {
        return HexFormat.of().formatHex(hash(text));
    }

    private static byte[] hash(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-256", impossible);
        }
    }

    /**
     * Makes the MAC address of an interface by its IP: a reused address keeps its MAC, so that no neighbour's entry for
     * it goes stale.
     */
    static MacAddress macOf(IpAddress ip) {
        if (ip.family() == IpFamily.IPV4) {
            return new MacAddress(PRIVATE_PREFIX | ip.low());
        }
        return macOf(ip.toString());
    }

    /** Makes a locally administered MAC address of a name. */
    static MacAddress macOf(String name) {
        long bits = 0;
        byte[] hash = hash(name);
        for (int i = 0; i < 6; i++) {
            bits = bits << 8 | (hash[i] & 0xff);
        }
        return MacAddress.locallyAdministered(bits);
    }
}
