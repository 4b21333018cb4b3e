package io.podnet.netlink.namespace;

import io.podnet.netlink.libc.Libc;
import java.nio.ByteBuffer;

/**
 * Asks the kernel which file a descriptor or a path is. Holds its own buffers; one per thread, not safe for two.
 * Offsets: struct statx of include/uapi/linux/stat.h, struct statfs of include/uapi/asm-generic/statfs.h.
 */
final class FileIdentity {
    private static final int AT_FDCWD = -100;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_BASIC_STATS = 0x7ff;
    private static final int PATH_ROOM = 256;

    private final Libc libc = Libc.instance();
    private final ByteBuffer answer = Libc.allocate(256);
    private final long answerAddress = libc.addressOf(answer);
    private final ByteBuffer path = Libc.allocate(PATH_ROOM);
    private final long pathAddress = libc.addressOf(path);

    /** Fills the answer for a descriptor. Returns 0 or -errno. */
    int ofFd(int fd) {
        path.put(0, (byte) 0);
        return libc.statx(fd, pathAddress, AT_EMPTY_PATH, STATX_BASIC_STATS, answerAddress);
    }

    /** Fills the answer for a short constant path, following links. Returns 0 or -errno. */
    int ofPath(String ascii) {
        for (int i = 0; i < ascii.length(); i++) {
            path.put(i, (byte) ascii.charAt(i));
        }
        path.put(ascii.length(), (byte) 0);
        return libc.statx(AT_FDCWD, pathAddress, 0, STATX_BASIC_STATS, answerAddress);
    }

    NamespaceId id() {
        return new NamespaceId(
                ((long) answer.getInt(136) << 32) | (answer.getInt(140) & 0xffffffffL), answer.getLong(32));
    }

    int fileType() {
        return answer.getShort(28) & 0xf000;
    }

    int links() {
        return answer.getInt(16);
    }

    long size() {
        return answer.getLong(40);
    }

    /** Gives the magic number of the file system that a descriptor lives on, or -errno. */
    long fileSystem(int fd) {
        int result = libc.fstatfs(fd, answerAddress);
        return result < 0 ? result : answer.getLong(0) & 0xffffffffL;
    }
}
