package com.example.podnet;

import io.podnet.api.AttachmentId;
import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.MacAddress;
import io.podnet.api.PodNetworkStatus;
import io.podnet.api.PodnetException;
import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.Ipam;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What should be in the kernel for one pod, computed without asking it: set-up, plan and check are its readings.
 *
 * @param id the attachment
 * @param address the pod's address
 * @param gateway the router that the pod sends everything to; nobody has that address, the host end has its MAC
 * @param mtu both ends' MTU in bytes
 */
record PtpLink(AttachmentId id, IpAddress address, IpAddress gateway, int mtu) {
    /** What our host ends are recognised by, without memory: the start of their alias. */
    static final String MARK = "podnet-ptp ";

    private static final int NAME_DIGITS = 12;

    static PtpLink of(AttachmentRecord record, List<Ipam.Assignment> assignments, int mtu) {
        if (assignments.size() != 1
                || assignments.get(0).address().address().family() != IpFamily.IPV4
                || assignments.get(0).gateway().isEmpty()) {
            throw new PodnetException.Unsupported(
                    "the plugin 'ptp' gives a pod one IPv4 address with a gateway, not " + assignments);
        }
        return new PtpLink(
                record.id(),
                assignments.get(0).address().address(),
                assignments.get(0).gateway().get(),
                mtu);
    }

    static String hostName(AttachmentId id) {
        return "pp" + HexFormat.of().formatHex(hash(id)).substring(0, NAME_DIGITS);
    }

    private static byte[] hash(AttachmentId id) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(id.toString().getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-256", impossible);
        }
    }

    static String alias(AttachmentId id) {
        return MARK + id;
    }

    String hostName() {
        return hostName(id);
    }

    MacAddress hostMac() {
        return MacAddress.locallyAdministered(seed(0));
    }

    MacAddress podMac() {
        return MacAddress.locallyAdministered(seed(6));
    }

    private long seed(int from) {
        byte[] hash = hash(id);
        long seed = 0;
        for (int i = from; i < from + 6; i++) {
            seed = seed << 8 | (hash[i] & 0xff);
        }
        return seed;
    }

    InterfaceAddress podAddress() {
        return new InterfaceAddress(address, address.family().bits());
    }

    PodNetworkStatus status() {
        return new PodNetworkStatus(
                id.ifName(), List.of(podAddress()), List.of(gateway), podMac(), mtu, Optional.of(hostName()));
    }
}
