package io.podnet.dns.server;

import java.nio.ByteBuffer;

/**
 * The control message that tells which address a datagram was sent to, and from which one an answer goes: IP_PKTINFO of
 * ip(7), IPV6_PKTINFO of RFC 3542 section 6.1. Stateless.
 */
final class PacketInfo {
    private static final int LEVEL = 8;
    private static final int DATA = 16;
    private static final int IPPROTO_IP = 0;

    private PacketInfo() {}

    /** Makes a received message one to send with: from that address, over whichever interface leads there. */
    static void turnAround(ByteBuffer controls, int at) {
        if (controls.getInt(at + LEVEL) == IPPROTO_IP) {
            // struct in_pktinfo: ifindex, spec_dst, addr. The kernel sends from spec_dst.
            controls.putInt(at + DATA, 0);
        } else {
            // struct in6_pktinfo: addr, ifindex. A link-local address needs its interface.
            boolean linkLocal =
                    (controls.get(at + DATA) & 0xff) == 0xfe && (controls.get(at + DATA + 1) & 0xc0) == 0x80;
            if (!linkLocal) {
                controls.putInt(at + DATA + 16, 0);
            }
        }
    }
}
