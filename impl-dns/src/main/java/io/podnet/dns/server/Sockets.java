package io.podnet.dns.server;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.libc.Refusal;
import java.nio.ByteBuffer;

/**
 * Opens the server's sockets in the calling thread's network namespace, and closes what it opened where a step fails.
 *
 * <p>All have SO_REUSEADDR and SO_REUSEPORT: several of the server's own share an address, and a pod's program that binds
 * the wildcard address with the same options does not collide with the one in its namespace.
 */
final class Sockets {
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int SO_REUSEPORT = 15;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int IPPROTO_IP = 0;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IP_PKTINFO = 8;
    private static final int IPV6_V6ONLY = 26;
    private static final int IPV6_RECVPKTINFO = 49;
    private static final int IP_MTU_DISCOVER = 10;
    private static final int IPV6_MTU_DISCOVER = 23;
    /** Do not fragment, and do not believe a forged path MTU either (RFC 9715 section 3.1). */
    private static final int PMTUDISC_PROBE = 3;

    private static final int BACKLOG = 64;
    private static final int NODE_BUFFER = 1 << 20;

    private Sockets() {}

    static int datagram(IpAddress address, int port, boolean node) {
        int fd = open(address, SOCK_DGRAM);
        try {
            if (address.family() == IpFamily.IPV4) {
                set(fd, IPPROTO_IP, IP_MTU_DISCOVER, PMTUDISC_PROBE);
            } else {
                set(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, PMTUDISC_PROBE);
            }
            if (address.isUnspecified()) {
                // The answer has to come from the address that was asked.
                if (address.family() == IpFamily.IPV4) {
                    set(fd, IPPROTO_IP, IP_PKTINFO, 1);
                } else {
                    set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
                }
            }
            if (node) {
                set(fd, SOL_SOCKET, SO_RCVBUFFORCE, NODE_BUFFER);
            }
            bind(fd, address, port);
            return fd;
        } catch (RuntimeException e) {
            Libc.instance().close(fd);
            throw e;
        }
    }

    static int stream(IpAddress address, int port) {
        int fd = open(address, SOCK_STREAM);
        try {
            bind(fd, address, port);
            int listening = io.podnet.netlink.libc.LibcServer.instance().listen(fd, BACKLOG);
            if (listening < 0) {
                throw Refusal.of("listen", "TCP " + address + " port " + port, listening);
            }
            return fd;
        } catch (RuntimeException e) {
            Libc.instance().close(fd);
            throw e;
        }
    }

    private static int open(IpAddress address, int type) {
        int fd = Libc.instance().socket(SocketAddresses.family(address), type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (fd < 0) {
            throw Refusal.of("socket", "the name server's address " + address, fd);
        }
        try {
            set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
            set(fd, SOL_SOCKET, SO_REUSEPORT, 1);
            if (address.family() == IpFamily.IPV6) {
                set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
            }
            return fd;
        } catch (RuntimeException e) {
            Libc.instance().close(fd);
            throw e;
        }
    }

    private static void set(int fd, int level, int option, int value) {
        ByteBuffer octets = Libc.allocate(4);
        octets.putInt(0, value);
        Libc libc = Libc.instance();
        try {
            int result = libc.setsockopt(fd, level, option, libc.addressOf(octets), 4);
            if (result < 0) {
                throw Refusal.of(
                        "setsockopt", "option " + option + " of level " + level + " of a name server socket", result);
            }
        } finally {
            java.lang.ref.Reference.reachabilityFence(octets);
        }
    }

    private static void bind(int fd, IpAddress address, int port) {
        ByteBuffer sockaddr = SocketAddresses.of(address, port);
        Libc libc = Libc.instance();
        try {
            int result = libc.bind(fd, libc.addressOf(sockaddr), SocketAddresses.length(address));
            if (result < 0) {
                throw refused(address, port, result);
            }
        } finally {
            java.lang.ref.Reference.reachabilityFence(sockaddr);
        }
    }

    private static PodnetException refused(IpAddress address, int port, int result) {
        PodnetException refusal = Refusal.of("bind", "the name server's address " + address + " port " + port, result);
        if (Errno.EADDRNOTAVAIL.is(result)) {
            return new PodnetException.Invalid(
                    "the name server cannot listen on " + address + " port " + port
                            + ": no interface there that is up has the address; choose another by the resolver's option"
                            + " podAddress, or listen for the node",
                    refusal);
        }
        if (Errno.EADDRINUSE.is(result)) {
            return new PodnetException.Conflict("the name server cannot listen on " + address + " port " + port
                    + ": another program does already; end it, or choose another address by the resolver's option"
                    + " podAddress, or listen and port for the node");
        }
        return refusal;
    }
}
