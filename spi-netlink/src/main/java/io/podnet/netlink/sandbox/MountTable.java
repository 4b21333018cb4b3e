package io.podnet.netlink.sandbox;

import io.podnet.api.PodnetException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The mounts that a thread sees, in the order in which they were made. Source: proc(5), /proc/PID/mountinfo.
 *
 * @param mounts one entry for each mount
 */
record MountTable(List<Mount> mounts) {
    private static final Path CURRENT = Path.of("/proc/thread-self/mountinfo");
    private static final int MOUNT_POINT = 4;

    /**
     * One mount.
     *
     * @param point its mount point
     * @param type file system type
     * @param source the file system's source
     */
    record Mount(String point, String type, String source) {}

    /** Reads the table of the calling thread's mount namespace. */
    static MountTable current() {
        try {
            String text = new String(Files.readAllBytes(CURRENT), StandardCharsets.UTF_8);
            return parse(text.lines().toList());
        } catch (IOException e) {
            throw new PodnetException.StateFailure("cannot read " + CURRENT, e);
        }
    }

    static MountTable parse(List<String> lines) {
        List<Mount> mounts = new ArrayList<>();
        for (String line : lines) {
            String[] fields = line.split(" ", -1);
            int separator = List.of(fields).indexOf("-");
            if (separator > MOUNT_POINT && fields.length > separator + 2) {
                mounts.add(new Mount(
                        unescaped(fields[MOUNT_POINT]), fields[separator + 1], unescaped(fields[separator + 2])));
            }
        }
        return new MountTable(mounts);
    }

    /** The kernel writes blank, tab, line end and backslash as three octal digits behind a backslash. */
    private static String unescaped(String field) {
        StringBuilder text = new StringBuilder(field.length());
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '\\' && i + 3 < field.length()) {
                text.append((char) Integer.parseInt(field.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }
}
