package io.podnet.testkit.cluster;

import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.libc.NativeMemory;
import io.podnet.netlink.libc.Refusal;
import io.podnet.testkit.machine.Machine;
import java.nio.charset.StandardCharsets;

/**
 * What a virtual interface leaves undone since the receiver is the same kernel: checksums, and cutting what is sent into frames.
 * Who carries frames through user space needs it done. ethtool's ioctls, linux/ethtool.h.
 */
final class Offloads {
    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final long SIOCETHTOOL = 0x8946;
    private static final int ETHTOOL_STXCSUM = 0x17;
    private static final int ETHTOOL_STSO = 0x1f;
    private static final int ETHTOOL_SGSO = 0x24;
    /** struct ifreq, and struct ethtool_value behind it. */
    private static final int IFREQ = 40;

    private static final int NAME = 16;

    private Offloads() {}

    /** Has the kernel do all of it on a link, or leave it. Cutting needs checksums, so the order matters. */
    static void set(Machine machine, String link, boolean on) {
        machine.inside(() -> {
            for (int command : on
                    ? new int[] {ETHTOOL_STXCSUM, ETHTOOL_STSO, ETHTOOL_SGSO}
                    : new int[] {ETHTOOL_SGSO, ETHTOOL_STSO, ETHTOOL_STXCSUM}) {
                set(link, command, on ? 1 : 0);
            }
            return on;
        });
    }

    private static void set(String link, int command, int value) {
        Libc libc = Libc.instance();
        int fd = libc.socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (fd < 0) {
            throw Refusal.of("socket", "a socket for ethtool", fd);
        }
        try (NativeMemory memory = NativeMemory.allocate(IFREQ + 8)) {
            byte[] name = link.getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < name.length; i++) {
                memory.putByte(i, name[i]);
            }
            long data = memory.address() + IFREQ;
            memory.putInt(NAME, (int) data);
            memory.putInt(NAME + 4, (int) (data >>> 32));
            memory.putInt(IFREQ, command);
            memory.putInt(IFREQ + 4, value);
            int result = libc.ioctl(fd, SIOCETHTOOL, memory.address());
            if (result < 0) {
                throw Refusal.of("SIOCETHTOOL " + command, "link " + link, result);
            }
        } finally {
            libc.close(fd);
        }
    }
}
