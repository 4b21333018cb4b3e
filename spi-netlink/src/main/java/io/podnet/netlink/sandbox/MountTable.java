package io.podnet.netlink.sandbox;

import io.podnet.api.PodnetException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The mounts that a thread sees. Source: proc(5), /proc/PID/mountinfo.
 *
 * @param mounts one entry for each mount
 */
record MountTable(List<Mount> mounts) {
    private static final Path CURRENT = Path.of("/proc/thread-self/mountinfo");
    private static final int FIELDS_BEFORE_OPTIONS = 5;

    /**
     * One mount.
     *
     * @param id its number
     * @param parent the number of the mount that it is on
     * @param device the file system's major and minor number
     * @param root the directory or file of that file system that is mounted
     * @param point its mount point
     * @param type file system type
     * @param source the file system's source
     */
    record Mount(int id, int parent, String device, String root, String point, String type, String source) {
        /** Tells whether it shows, at its mount point, what would be there without it. */
        boolean isSelfBindOn(Mount below) {
            return device.equals(below.device)
                    && Path.of(point).startsWith(below.point)
                    && Path.of(root)
                            .equals(Path.of(below.root)
                                    .resolve(Path.of(below.point).relativize(Path.of(point))));
        }
    }

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
            if (separator >= FIELDS_BEFORE_OPTIONS && fields.length > separator + 2) {
                mounts.add(new Mount(
                        Integer.parseInt(fields[0]),
                        Integer.parseInt(fields[1]),
                        fields[2],
                        unescaped(fields[3]),
                        unescaped(fields[4]),
                        fields[separator + 1],
                        unescaped(fields[separator + 2])));
            }
        }
        return new MountTable(mounts);
    }

    /** The kernel writes blank, tab, line end and backslash as three octal digits behind a backslash. */
    private static String unescaped(String field) {
        if (field.indexOf('\\') < 0) {
            return field;
        }
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

    /** Tells whether a directory is a mount point of itself. */
    boolean hasSelfBindAt(String point) {
        return mounts.stream()
                .filter(mount -> mount.point().equals(point))
                .anyMatch(mount ->
                        mounts.stream().anyMatch(below -> below.id() == mount.parent() && mount.isSelfBindOn(below)));
    }
}
