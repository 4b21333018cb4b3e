package io.podnet.netlink.sandbox;

import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.libc.Refusal;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * Brings up {@code lo} of the namespace that the calling thread is in, whereby the kernel gives it 127.0.0.1 and ::1.
 * By ioctl, three system calls on a thread that is there already, rather than by a netlink socket made for it. Offsets:
 * struct ifreq of include/uapi/linux/if.h.
 */
final class Loopback {
    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final long SIOCGIFFLAGS = 0x8913;
    private static final long SIOCSIFFLAGS = 0x8914;
    private static final int FLAGS_OFFSET = 16;
    private static final int IFREQ_BYTES = 40;
    private static final short IFF_UP = 1;

    private Loopback() {}

    static void up() {
        Libc libc = Libc.instance();
        int socket = libc.socket(AF_INET, SOCK_DGRAM_CLOEXEC, 0);
        if (socket < 0) {
            throw Refusal.of("socket", "AF_INET", socket);
        }
        ByteBuffer request = Libc.allocate(IFREQ_BYTES);
        try {
            request.put(0, (byte) 'l').put(1, (byte) 'o');
            long address = libc.addressOf(request);
            int result = libc.ioctl(socket, SIOCGIFFLAGS, address);
            if (result == 0) {
                request.putShort(FLAGS_OFFSET, (short) (request.getShort(FLAGS_OFFSET) | IFF_UP));
                result = libc.ioctl(socket, SIOCSIFFLAGS, address);
            }
            if (result < 0) {
                throw Refusal.of("bringing up", "link lo", result);
            }
        } finally {
            Reference.reachabilityFence(request);
            libc.close(socket);
        }
    }
}
