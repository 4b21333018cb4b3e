package io.podnet.bridge.ipam;

import io.podnet.api.PodnetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * One run of the kernel: leases do not outlive it, since no pod does.
 *
 * @param id the kernel's random id of it, proc(5)
 * @param startedAt when it began by the present clock, in whole seconds, never later than it really was
 */
record Boot(String id, Instant startedAt) {
    private static final Path ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Path STAT = Path.of("/proc/stat");
    private static final String BOOT_TIME = "btime ";

    static Boot current() {
        try {
            List<String> lines = Files.readAllLines(STAT);
            String time = lines.stream()
                    .filter(line -> line.startsWith(BOOT_TIME))
                    .findFirst()
                    .orElseThrow(() -> new IOException(STAT + " has no btime"));
            long seconds = Long.parseLong(time.substring(BOOT_TIME.length()).strip());
            return new Boot(Files.readString(ID).strip(), Instant.ofEpochSecond(seconds));
        } catch (IOException | NumberFormatException e) {
            throw new PodnetException.StateFailure("cannot tell which boot this is: " + e, e);
        }
    }
}
