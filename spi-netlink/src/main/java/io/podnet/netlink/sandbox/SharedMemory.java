package io.podnet.netlink.sandbox;

import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.libc.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A pod's /dev/shm: one tmpfs that all its processes share, 64 MiB as with containerd and Docker. POSIX shared memory
 * and semaphores live in it, so without it the ipc namespace would be half a wall.
 */
final class SharedMemory {
    /** By this name its mounts are known in /proc/self/mountinfo. */
    static final String SOURCE = "podnet-shm";

    private static final long MS_NOSUID_NODEV_NOEXEC = 2 | 4 | 8;
    private static final int MNT_DETACH = 2;
    private static final int UMOUNT_NOFOLLOW = 8;
    private static final int MOST_STACKED = 64;

    private SharedMemory() {}

    static void mount(Path directory) {
        unmount(directory);
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new PodnetException.StateFailure("cannot make the mount point " + directory, e);
        }
        int mounted = Libc.instance()
                .mountWithData(SOURCE, directory.toString(), "tmpfs", MS_NOSUID_NODEV_NOEXEC, "mode=1777,size=64m");
        if (mounted < 0) {
            throw Refusal.of("mount of a tmpfs", directory.toString(), mounted);
        }
    }

    private static void unmount(Path directory) {
        for (int i = 0; i < MOST_STACKED; i++) {
            int result = Libc.instance().umount2(directory.toString(), MNT_DETACH | UMOUNT_NOFOLLOW);
            if (Errno.EINVAL.is(result) || Errno.ENOENT.is(result) || Errno.ENOTDIR.is(result)) {
                return; // nothing is mounted there, or no longer
            }
            if (result < 0) {
                throw Refusal.of("umount", directory.toString(), result);
            }
        }
    }

    /** Takes it away, content and all; processes that run keep theirs. */
    static void remove(Path directory) {
        unmount(directory);
        try {
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw new PodnetException.StateFailure("cannot remove the mount point " + directory, e);
        }
    }
}
