package io.podnet.netlink.sysctl;

import io.podnet.netlink.libc.Libc;
import java.nio.ByteBuffer;

/**
 * Tells procfs from what is mounted over it. Offsets: struct statx of include/uapi/linux/stat.h, struct statfs of
 * include/uapi/asm-generic/statfs.h. For one thread.
 */
final class ProcIdentity {
    /** Cross-device link: openat2's answer to a mount point in the way. */
    static final int EXDEV = 18;

    private static final long PROC_SUPER_MAGIC = 0x9fa0L;
    // PROC_ROOT_INO of include/linux/proc_fs.h: no other directory of a procfs has it.
    private static final long ROOT_INODE = 1;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_INO = 0x100;
    private static final int STATX_MNT_ID = 0x1000;
    private static final int STATX_BYTES = 256;

    private final Libc libc;
    private final ByteBuffer answer = Libc.allocate(STATX_BYTES + 8);
    private final long answerAddress;

    ProcIdentity(Libc libc) {
        this.libc = libc;
        this.answerAddress = libc.addressOf(answer);
    }

    /**
     * Where a file is.
     *
     * @param procfs whether its file system is a procfs
     * @param inode its inode number
     * @param device the file system's number
     * @param mount the mount's number; 0 where the kernel does not tell (before 5.8)
     */
    private record Place(boolean procfs, long inode, long device, long mount) {}

    private Place place(int fd) {
        boolean procfs = libc.fstatfs(fd, answerAddress) == 0 && answer.getLong(0) == PROC_SUPER_MAGIC;
        // The eight zero bytes behind the struct are the empty path.
        if (libc.statx(fd, answerAddress + STATX_BYTES, AT_EMPTY_PATH, STATX_INO | STATX_MNT_ID, answerAddress) < 0) {
            return new Place(false, 0, 0, 0);
        }
        long device = ((long) answer.getInt(136) << 32) | (answer.getInt(140) & 0xffffffffL);
        boolean tellsMount = (answer.getInt(0) & STATX_MNT_ID) != 0;
        return new Place(procfs, answer.getLong(32), device, tellsMount ? answer.getLong(144) : 0);
    }

    boolean isProcRoot(int fd) {
        Place place = place(fd);
        return place.procfs() && place.inode() == ROOT_INODE;
    }

    boolean isOnSameMount(int root, int fd) {
        Place expected = place(root);
        Place found = place(fd);
        return found.procfs() && found.device() == expected.device() && found.mount() == expected.mount();
    }
}
