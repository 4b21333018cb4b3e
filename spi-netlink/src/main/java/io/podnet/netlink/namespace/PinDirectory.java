package io.podnet.netlink.namespace;

import static io.podnet.netlink.libc.OpenFlags.O_CLOEXEC;
import static io.podnet.netlink.libc.OpenFlags.O_DIRECTORY;
import static io.podnet.netlink.libc.OpenFlags.O_RDONLY;

import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.libc.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A directory for pins, prepared the way {@code ip netns} prepares /run/netns: a mount point on itself with shared
 * propagation, so that a pin that is removed here goes away in every other mount namespace too, instead of keeping the
 * namespace alive there. The mount is made once; a directory that has it is left as it is.
 */
public final class PinDirectory {
    /** Where {@code ip netns} looks. */
    public static final Path DEFAULT = Path.of("/run/netns");

    private static final long MS_BIND = 0x1000;
    private static final long MS_REC = 0x4000;
    private static final long MS_SHARED = 0x100000;
    private static final int LOCK_EX = 2;
    private static final int LONGEST_NAME = 255;

    private final Path path;
    private final boolean shared;

    private PinDirectory(Path path, boolean shared) {
        this.path = path;
        this.shared = shared;
    }

    /**
     * Makes the directory where it is missing and prepares it. Where the kernel does not allow the mount the directory
     * works all the same, for this mount namespace alone.
     *
     * @param path an absolute path of a directory that is for pins alone
     * @return the directory
     * @throws PodnetException.StateFailure where it cannot be made
     */
    public static PinDirectory prepare(Path path) {
        if (!path.isAbsolute() || path.getNameCount() < 2) {
            throw new PodnetException.Invalid(
                    "pin directory " + path + " is not an absolute path of a directory of its own, such as " + DEFAULT);
        }
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw new PodnetException.StateFailure("cannot make the pin directory " + path, e);
        }
        Libc libc = Libc.instance();
        int fd = libc.open(path.toString(), O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
        if (fd < 0) {
            throw Refusal.of("open", path.toString(), fd);
        }
        try {
            // The same lock as ip netns takes: two that both miss the mount would stack two mounts.
            int locked;
            do {
                locked = libc.flock(fd, LOCK_EX);
            } while (Errno.EINTR.is(locked));
            return new PinDirectory(path, share(libc, path.toString()));
        } finally {
            libc.close(fd);
        }
    }

    private static boolean share(Libc libc, String path) {
        int result = libc.mount("", path, "none", MS_SHARED);
        if (Errno.EINVAL.is(result)) { // not a mount point yet
            result = libc.mount(path, path, "none", MS_BIND | MS_REC);
            if (result == 0) {
                result = libc.mount("", path, "none", MS_SHARED | MS_REC);
            }
        }
        return result == 0;
    }

    /**
     * Gives the directory.
     *
     * @return an absolute path
     */
    public Path path() {
        return path;
    }

    /**
     * Tells whether removal of a pin reaches other mount namespaces.
     *
     * @return false where the kernel refused the mount
     */
    public boolean shared() {
        return shared;
    }

    /**
     * Gives the path of a pin.
     *
     * @param name a file name: printable ASCII without slash or space, not starting with a dash or a dot
     * @return the path, whether or not there is a file
     * @throws PodnetException.Invalid where the name is no such thing
     */
    public Path pin(String name) {
        boolean printable = name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '/');
        if (name.isEmpty()
                || name.length() > LONGEST_NAME
                || !printable
                || name.charAt(0) == '-'
                || name.charAt(0) == '.') {
            throw new PodnetException.Invalid("'" + name + "' cannot name a namespace; give 1 to " + LONGEST_NAME
                    + " printable ASCII characters without slash or space that do not start with '-' or '.'");
        }
        return path.resolve(name);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
