package io.podnet.netlink.sandbox;

import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.libc.Refusal;
import io.podnet.netlink.namespace.NamespaceHandle;
import io.podnet.netlink.namespace.NamespaceKind;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.sandbox.MountTable.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Makes the mount namespace of one process of a pod: a private copy of the node's, in which the pod's files lie over
 * those in /etc and the pod's shared memory over /dev/shm, and in which no other pod's pins are left. It is made on a
 * thread that is thrown away and lives as long as its handle or a process in it.
 *
 * <p>/sys stays the node's: what /sys/class/net lists are the node's interfaces. /proc/sys/net and /proc/net follow the
 * process's network namespace by themselves.
 */
final class PodMounts {
    private static final long MS_BIND = 0x1000;
    private static final long MS_REC = 0x4000;
    private static final long MS_PRIVATE = 1L << 18;
    private static final int MNT_DETACH = 2;
    private static final int UMOUNT_NOFOLLOW = 8;
    private static final Path DEV_SHM = Path.of("/dev/shm");

    /**
     * A mount namespace, and what the node has no file for.
     *
     * @param namespace held open, to be closed once a process is in it
     * @param skipped the files of the pod that have no counterpart on the node
     */
    record Made(NamespaceHandle namespace, List<Path> skipped) {}

    private final PodDirectory pod;
    private final Optional<PodPins> pins;
    private final List<Path> skipped = new ArrayList<>();

    private PodMounts(PodDirectory pod, Optional<PodPins> pins) {
        this.pod = pod;
        this.pins = pins;
    }

    /** Makes one; a pod without pins of its own has the node's shared memory. */
    static Made make(NamespaceThreads threads, PodDirectory pod, Optional<PodPins> pins) {
        PodMounts mounts = new PodMounts(pod, pins);
        NamespaceHandle namespace = threads.callOnThrowAwayThread(mounts::build);
        return new Made(namespace, List.copyOf(mounts.skipped));
    }

    private NamespaceHandle build() {
        int unshared = Libc.instance().unshare(NamespaceKind.MNT.cloneFlag());
        if (unshared < 0) {
            throw Refusal.of("unshare", "mount namespace", unshared);
        }
        // Before anything else: in a copy of a shared mount, mounting and unmounting would reach the node.
        mount("none", Path.of("/"), MS_REC | MS_PRIVATE);
        Optional<Path> shm = pins.flatMap(own -> over(own.shm(), DEV_SHM));
        for (String name : List.of("hosts", "hostname", "resolv.conf")) {
            over(pod.path().resolve(name), Path.of("/etc", name));
        }
        dropOthers(shm);
        return NamespaceHandle.open(NamespaceKind.MNT, Path.of("/proc/thread-self/ns/mnt"));
    }

    /** Lays a file or directory of the pod over the node's, behind symbolic links; where either is missing, nothing. */
    private Optional<Path> over(Path source, Path target) {
        if (!Files.exists(source)) {
            return Optional.empty();
        }
        if (!Files.exists(target)) {
            skipped.add(target);
            return Optional.empty();
        }
        try {
            Path real = target.toRealPath();
            mount(source.toString(), real, MS_BIND);
            return Optional.of(real);
        } catch (IOException e) {
            throw new PodnetException.StateFailure("cannot resolve " + target, e);
        }
    }

    private static void mount(String source, Path target, long flags) {
        int mounted = Libc.instance().mount(source, target.toString(), "none", flags);
        if (mounted < 0) {
            throw Refusal.of("mount of " + source, target.toString(), mounted);
        }
    }

    /**
     * Detaches the copies of all pins, and of other pods' shared memory: they would keep those alive as long as this
     * process runs. Whatever cannot be detached stays, which costs nothing but memory.
     */
    private void dropOthers(Optional<Path> shm) {
        // The two where most of them are, at once: the table of what is left is short then.
        pins.ifPresent(own -> {
            detach(own.room().toString());
            detach(own.netnsDirectory().toString());
        });
        Predicate<Mount> unwanted = mount -> mount.type().equals("nsfs")
                || (mount.source().equals(SharedMemory.SOURCE)
                        && shm.filter(own -> own.toString().equals(mount.point()))
                                .isEmpty());
        for (String point : MountPruning.points(MountTable.current(), unwanted)) {
            detach(point);
        }
    }

    private static void detach(String point) {
        Libc.instance().umount2(point, MNT_DETACH | UMOUNT_NOFOLLOW);
    }
}
