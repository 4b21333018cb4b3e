package io.podnet.dns.server;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.netlink.libc.Libc;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** struct sockaddr_in and sockaddr_in6 (ip(7), ipv6(7)). Stateless. */
final class SocketAddresses {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int LENGTH_V4 = 16;
    static final int LENGTH_V6 = 28;

    private SocketAddresses() {}

    static int family(IpAddress address) {
        return address.family() == IpFamily.IPV4 ? AF_INET : AF_INET6;
    }

    static int length(IpAddress address) {
        return address.family() == IpFamily.IPV4 ? LENGTH_V4 : LENGTH_V6;
    }

    /** Makes a sockaddr in off-heap memory. */
    static ByteBuffer of(IpAddress address, int port) {
        ByteBuffer made = Libc.allocate(LENGTH_V6);
        made.putShort(0, (short) family(address));
        made.order(ByteOrder.BIG_ENDIAN).putShort(2, (short) port).order(ByteOrder.nativeOrder());
        made.put(address.family() == IpFamily.IPV4 ? 4 : 8, address.toBytes());
        return made;
    }
}
