package io.podnet.netlink.sandbox;

import io.podnet.api.PodnetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A pod's own directory, with the files that its processes see in /etc.
 *
 * @param path the directory
 */
record PodDirectory(Path path) {
    /** Makes the directory, for its owner alone; one that others may write to is refused. */
    static PodDirectory prepare(Path path) {
        if (!path.isAbsolute()) {
            throw new PodnetException.Invalid("pod directory " + path + " is not an absolute path");
        }
        try {
            Files.createDirectories(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
            if (permissions.contains(PosixFilePermission.GROUP_WRITE)
                    || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
                throw new PodnetException.Invalid("pod directory " + path + " can be written by others; make it 0700");
            }
        } catch (IOException e) {
            throw new PodnetException.StateFailure("cannot make the pod directory " + path, e);
        }
        return new PodDirectory(path);
    }
}
