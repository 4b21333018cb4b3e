package io.podnet.netlink.sandbox;

import io.podnet.api.PodnetException;
import io.podnet.netlink.namespace.NamespaceId;
import io.podnet.netlink.namespace.NamespacePin;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One removal of a sandbox: every step is tried whatever became of those before it. */
final class SandboxRemoval {
    private static final Logger LOG = LoggerFactory.getLogger(SandboxRemoval.class);

    private final PodPins pins;
    private final Optional<NamespaceId> network;
    private final List<RuntimeException> failures = new ArrayList<>();

    SandboxRemoval(PodPins pins, Optional<NamespaceId> network) {
        this.pins = pins;
        this.network = network;
    }

    void run() {
        tryAll();
        if (!failures.isEmpty()) {
            throw new PodnetException.Incomplete(
                    "removal of the sandbox at " + pins.netns() + " and " + pins.directory()
                            + " left something; repeat it",
                    failures);
        }
    }

    void addFailuresTo(Throwable cause) {
        tryAll();
        failures.forEach(cause::addSuppressed);
    }

    /** After a creation that failed: takes away the directories that it made, unless somebody uses them. */
    static void tidyUp(PodPins pins, Throwable cause) {
        SandboxRemoval removal = new SandboxRemoval(pins, Optional.empty());
        removal.attempt(() -> removeDirectory(pins.directory()));
        removal.attempt(() -> PinRoom.leave(pins.room()));
        removal.failures.forEach(cause::addSuppressed);
    }

    private void tryAll() {
        attempt(() -> unpin(pins.netns(), network));
        attempt(() -> unpin(pins.ipc(), Optional.empty()));
        attempt(() -> unpin(pins.uts(), Optional.empty()));
        attempt(() -> SharedMemory.remove(pins.shm()));
        attempt(() -> removeDirectory(pins.directory()));
        attempt(() -> PinRoom.leave(pins.room()));
    }

    private static void removeDirectory(Path directory) {
        try {
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException e) {
            LOG.atDebug().addKeyValue("directory", directory).log("directory left alone: it is not empty");
        } catch (IOException e) {
            throw new PodnetException.StateFailure("cannot remove " + directory, e);
        }
    }

    private void unpin(Path pin, Optional<NamespaceId> expected) {
        if (NamespacePin.remove(pin, expected) == NamespacePin.Removal.NOT_OURS) {
            LOG.atWarn()
                    .addKeyValue("pin", pin)
                    .addKeyValue("expected", expected.map(NamespaceId::toString).orElse("any namespace"))
                    .log("pin left alone: it is something else than what was recorded");
        }
    }

    private void attempt(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            failures.add(e);
        }
    }
}
