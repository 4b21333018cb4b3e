package io.podnet.bridge.ipam;

import io.podnet.api.PodnetException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Processes by boot, process id, start time and pid namespace (proc(5)). A file lock would not do: within one JVM,
 * closing a probe's descriptor drops the process's own fcntl lock.
 */
final class ProcProcesses implements Processes {
    private static final Path PROC = Path.of("/proc");
    private static final Pattern INSTANCE = Pattern.compile("([0-9a-zA-Z]+)-([0-9]+)-([0-9]+)-([0-9]+)-[0-9a-f]+");
    // proc_pid_stat(5): starttime is field 22; the fields from the third on follow the command's last parenthesis.
    private static final int START_TIME_AFTER_COMMAND = 19;

    private final String boot;

    ProcProcesses(String bootId) {
        this.boot = bootId.replaceAll("[^0-9a-zA-Z]", "");
    }

    @Override
    public String newInstance() {
        long pid = ProcessHandle.current().pid();
        String start = startTime(Long.toString(pid))
                .orElseThrow(() -> new PodnetException.StateFailure("/proc/" + pid + "/stat cannot be read", null));
        String unique = Long.toHexString(UUID.randomUUID().getMostSignificantBits());
        return String.join("-", boot, Long.toString(pid), start, pidNamespace(), unique);
    }

    @Override
    public boolean alive(String instance) {
        Matcher name = INSTANCE.matcher(instance);
        if (!name.matches() || !name.group(1).equals(boot)) {
            return false;
        }
        if (!name.group(4).equals(pidNamespace())) {
            // A process of another pid namespace cannot be seen from here; the next boot ends it for certain.
            return true;
        }
        return startTime(name.group(2)).filter(name.group(3)::equals).isPresent();
    }

    private static Optional<String> startTime(String pid) {
        try {
            String stat = Files.readString(PROC.resolve(pid).resolve("stat"), StandardCharsets.ISO_8859_1);
            String[] fields =
                    stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", START_TIME_AFTER_COMMAND + 2);
            return Optional.of(fields[START_TIME_AFTER_COMMAND]);
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private static String pidNamespace() {
        try {
            return Files.readSymbolicLink(PROC.resolve("self/ns/pid"))
                    .toString()
                    .replaceAll("[^0-9]", "");
        } catch (IOException e) {
            throw new PodnetException.StateFailure("/proc/self/ns/pid cannot be read: " + e, e);
        }
    }
}
