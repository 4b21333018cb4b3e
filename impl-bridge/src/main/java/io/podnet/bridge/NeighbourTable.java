package io.podnet.bridge;

import io.podnet.api.Condition;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The kernel's limit on ARP entries, which is one for all namespaces and can be read in the first only: with about a
 * thousand pods the default overflows.
 */
final class NeighbourTable {
    private static final Path LIMIT = Path.of("/proc/sys/net/ipv4/neigh/default/gc_thresh3");

    private static final int DIGITS = 32;

    private NeighbourTable() {}

    static Condition condition(int pods) {
        try {
            if (Files.isReadable(LIMIT)) {
                int limit = Integer.parseInt(read(LIMIT));
                // Pod and node learn each other, so that a pod costs two entries at least.
                if (2L * pods >= limit) {
                    return new Condition(
                            Condition.Code.LIMITED,
                            "NeighbourTableSmall",
                            pods + " pods may overflow the kernel's neighbour table of " + limit
                                    + " entries; raise net.ipv4.neigh.default.gc_thresh3");
                }
            }
        } catch (IOException | NumberFormatException e) {
            return new Condition(Condition.Code.LIMITED, "NeighbourTableUnknown", LIMIT + " cannot be read: " + e);
        }
        return Condition.READY;
    }

    /** In one read: the kernel has nothing more to say after the first, and a whole file's reader begins with one byte. */
    private static String read(Path setting) throws IOException {
        try (InputStream in = Files.newInputStream(setting)) {
            byte[] bytes = new byte[DIGITS];
            int count = Math.max(0, in.read(bytes));
            return new String(bytes, 0, count, StandardCharsets.US_ASCII).trim();
        }
    }
}
