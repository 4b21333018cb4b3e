package io.podnet.netlink.route;

import io.podnet.api.IpFamily;

/** AF_* numbers of linux/socket.h. */
final class AddressFamily {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;

    private AddressFamily() {}

    static int of(IpFamily family) {
        return family == IpFamily.IPV4 ? AF_INET : AF_INET6;
    }

    static boolean isIp(int number) {
        return number == AF_INET || number == AF_INET6;
    }

    static IpFamily toIpFamily(int number) {
        return number == AF_INET ? IpFamily.IPV4 : IpFamily.IPV6;
    }
}
