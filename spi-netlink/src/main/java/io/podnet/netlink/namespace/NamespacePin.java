package io.podnet.netlink.namespace;

import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.libc.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A namespace kept alive by a bind mount on an empty file, as {@code ip netns add} does. It outlives every process; it
 * does not outlive a reboot, after which the empty file is what is left.
 */
public final class NamespacePin {
    private static final long MS_BIND = 0x1000;
    private static final int MNT_DETACH = 2;
    private static final int UMOUNT_NOFOLLOW = 8;
    // More mounts than this on one file were not stacked by accident.
    private static final int MOST_STACKED = 64;

    /** What a removal found. */
    public enum Removal {
        /** The pin was there and is gone. */
        REMOVED,
        /** There was nothing. */
        ALREADY_GONE,
        /** There was an empty file, left by a crash or a reboot; it is gone. */
        LEFTOVER_REMOVED,
        /** There is something that is not the recorded namespace; it was left alone. */
        NOT_OURS
    }

    private NamespacePin() {}

    /** On a namespace thread: pins the namespace that the thread is in. */
    static void pinCurrent(NamespaceKind kind, Path path) {
        pin(kind, "/proc/thread-self/ns/" + kind.procName(), path);
    }

    /** Pins a namespace that is held open. */
    static void pin(NamespaceHandle handle, Path path) {
        pin(handle.kind(), "/proc/self/fd/" + handle.fd(), path);
    }

    private static void pin(NamespaceKind kind, String source, Path path) {
        int mounted = Libc.instance().mount(source, path.toString(), "none", MS_BIND);
        if (mounted < 0) {
            throw Refusal.of("bind mount of a " + kind.procName() + " namespace", path.toString(), mounted);
        }
    }

    /**
     * Removes a pin: detaches the mount, then unlinks the file. Repeating it is fine. The namespace itself goes with its
     * last reference, be it a process, a socket or an open handle.
     *
     * @param path the pin
     * @param expected the namespace that it was recorded for; where another one is found it is left alone. Empty accepts
     *     any
     * @return what was found
     * @throws PodnetException where the kernel or the file system refuses; a later repetition goes on from there
     */
    public static Removal remove(Path path, Optional<NamespaceId> expected) {
        boolean unmounted = false;
        for (int i = 0; i < MOST_STACKED; i++) {
            NamespaceFiles.Look look = NamespaceFiles.look(path);
            switch (look.found()) {
                case ABSENT -> {
                    return unmounted ? Removal.REMOVED : Removal.ALREADY_GONE;
                }
                case OTHER -> {
                    return Removal.NOT_OURS;
                }
                case EMPTY_FILE -> {
                    unlink(path);
                    return unmounted ? Removal.REMOVED : Removal.LEFTOVER_REMOVED;
                }
                case NAMESPACE -> {
                    if (expected.isPresent() && !expected.get().equals(look.id())) {
                        return Removal.NOT_OURS;
                    }
                    unmounted |= unmount(path);
                }
            }
        }
        throw new PodnetException.Conflict(path + " carries more than " + MOST_STACKED
                + " mounts on top of each other; something keeps mounting there");
    }

    private static boolean unmount(Path path) {
        int result = Libc.instance().umount2(path.toString(), MNT_DETACH | UMOUNT_NOFOLLOW);
        if (result < 0 && !Errno.ENOENT.is(result) && !Errno.EINVAL.is(result)) {
            throw Refusal.of("umount", path.toString(), result);
        }
        return result == 0;
    }

    private static void unlink(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new PodnetException.StateFailure("cannot unlink " + path, e);
        }
    }
}
