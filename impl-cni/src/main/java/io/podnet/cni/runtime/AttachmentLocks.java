package io.podnet.cni.runtime;

import io.podnet.api.PodnetException;
import io.podnet.cni.lock.FlockedFile;
import io.podnet.cni.spec.CniNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Supplier;

/**
 * What the specification demands of runtimes, between processes with one cache too: calls for one attachment one after the
 * other, GC alone. Files {@code locks/*} beside the results; attachments share a few, since a file for each could never be
 * removed safely.
 */
final class AttachmentLocks {
    private static final int STRIPES = 64;

    private final Path directory;

    AttachmentLocks(Path cacheDirectory) {
        this.directory = cacheDirectory.toAbsolutePath().resolve("locks");
    }

    /** Does something for an attachment while nobody else does. */
    <T> T with(String network, Attachment attachment, Supplier<T> work) {
        int stripe = Math.floorMod((network + "/" + attachment.id()).hashCode(), STRIPES);
        try (FlockedFile beside = FlockedFile.shared(file(network));
                FlockedFile alone = FlockedFile.exclusive(prepared().resolve(Integer.toString(stripe)))) {
            beside.required();
            alone.required();
            return work.get();
        }
    }

    /** Does something for a whole network while nobody does anything for its attachments. */
    <T> T alone(String network, Supplier<T> work) {
        try (FlockedFile alone = FlockedFile.exclusive(file(network))) {
            alone.required();
            return work.get();
        }
    }

    private Path file(String network) {
        return prepared().resolve("network-" + CniNames.networkName(network));
    }

    private Path prepared() {
        try {
            return Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new PodnetException.StateFailure("directory " + directory + " cannot be made: " + e, e);
        }
    }
}
