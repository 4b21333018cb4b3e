package io.podnet.netlink.sandbox;

import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.libc.Refusal;
import io.podnet.netlink.namespace.MadeNamespaces;
import java.util.Optional;

/**
 * What a sandbox has besides its namespaces: directories, pins, host name, /dev/shm. Nothing of it is needed for the
 * pod's network, so it is done beside that, on a thread that is in the uts namespace. On failure nothing of it stays.
 */
final class SandboxFurnishing {
    private final MadeNamespaces<?> made;
    private final PodPins where;
    private final PodDirectory directory;
    private final String hostname;

    SandboxFurnishing(MadeNamespaces<?> made, PodPins where, PodDirectory directory, String hostname) {
        this.made = made;
        this.where = where;
        this.directory = directory;
        this.hostname = hostname;
    }

    boolean run() {
        PodDirectory.prepare(directory.path());
        try {
            prepareRoom();
            made.pin();
            furnish();
            return true;
        } catch (RuntimeException e) {
            SandboxRemoval.tidyUp(where, e);
            throw e;
        }
    }

    private void prepareRoom() {
        try (PinRoom room = PinRoom.enter(where.room())) {
            room.prepare(where);
        }
        // From here on the pod's own directory keeps the room's mount.
    }

    private void furnish() {
        try {
            int named = Libc.instance().sethostname(hostname, hostname.length());
            if (named < 0) {
                throw Refusal.of("sethostname", hostname, named);
            }
            SharedMemory.mount(where.shm());
        } catch (RuntimeException e) {
            new SandboxRemoval(where, Optional.of(made.network().id())).addFailuresTo(e);
            throw e;
        }
    }
}
