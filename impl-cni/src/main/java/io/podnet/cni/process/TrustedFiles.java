package io.podnet.cni.process;

import io.podnet.api.PodnetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files that decide what runs as root. One that another user may write, or whose directory another user may write, is that
 * user's, whatever it says.
 */
public final class TrustedFiles {
    private static final int ROOT = 0;
    private static final Path SELF = Path.of("/proc/self");

    private TrustedFiles() {}

    /**
     * Checks a file and the directory it is in, both after symbolic links.
     *
     * @param file the file
     * @return its real path, to be used from here on
     * @throws PodnetException.Invalid where it, or its directory, is not root's or this user's own, or others may write it
     * @throws PodnetException.NotFound where there is none
     */
    public static Path require(Path file) {
        try {
            Path real = file.toRealPath();
            requireOwn(real);
            Path directory = real.getParent();
            if (directory != null) {
                requireOwn(directory);
            }
            return real;
        } catch (NoSuchFileException e) {
            throw new PodnetException.NotFound("there is no file " + file);
        } catch (IOException e) {
            throw new PodnetException.StateFailure("file " + file + " cannot be looked at: " + e, e);
        }
    }

    private static void requireOwn(Path path) throws IOException {
        Object owner = Files.getAttribute(path, "unix:uid");
        if (!owner.equals(ROOT) && !owner.equals(Files.getAttribute(SELF, "unix:uid"))) {
            throw new PodnetException.Invalid(path + " belongs to user " + owner
                    + ", who could put anything there to be run by this user; use chown root");
        }
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path);
        boolean shared = mode.contains(PosixFilePermission.OTHERS_WRITE)
                || (mode.contains(PosixFilePermission.GROUP_WRITE)
                        && !Files.getAttribute(path, "unix:gid").equals(ROOT));
        if (shared) {
            throw new PodnetException.Invalid(path + " is writable for others (" + PosixFilePermissions.toString(mode)
                    + "), who could put anything there to be run by this user; use chmod go-w");
        }
    }
}
