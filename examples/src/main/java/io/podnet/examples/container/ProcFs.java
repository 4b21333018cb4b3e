package io.podnet.examples.container;

import io.podnet.api.PodnetException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process table of Linux: proc(5). A process that ends while it is looked at is absent. */
public final class ProcFs implements ProcessTable {
    private static final Logger LOG = LoggerFactory.getLogger(ProcFs.class);
    // USER_HZ, the unit of /proc/PID/stat, is 100 on every architecture that Java runs on.
    private static final int TICKS_PER_SECOND = 100;
    // Fields of /proc/PID/stat after the program's name: state is the first, starttime the 22nd of the line.
    private static final int STATE = 0;
    private static final int PARENT = 1;
    private static final int START_TIME = 19;

    private final Path root;

    /** Opens {@code /proc}. */
    public ProcFs() {
        this(Path.of("/proc"));
    }

    ProcFs(Path root) {
        this.root = root;
    }

    @Override
    public Optional<Entry> find(long pid) {
        try {
            String stat =
                    Files.readString(root.resolve(Long.toString(pid)).resolve("stat"), StandardCharsets.ISO_8859_1);
            // The name is in parentheses and may contain some.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            if (fields[STATE].equals("Z") || fields[STATE].equals("X")) {
                return Optional.empty();
            }
            return Optional.of(new Entry(pid, Long.parseLong(fields[PARENT]), Long.parseLong(fields[START_TIME])));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    @Override
    public List<Entry> all() {
        List<Entry> processes = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, "[0-9]*")) {
            for (Path entry : entries) {
                find(Long.parseLong(entry.getFileName().toString())).ifPresent(processes::add);
            }
        } catch (IOException e) {
            throw new PodnetException.StateFailure(root + " cannot be listed: " + e, e);
        }
        return processes;
    }

    @Override
    public Optional<String> variable(long pid, String name) {
        try {
            String prefix = name + "=";
            String environ =
                    Files.readString(root.resolve(Long.toString(pid)).resolve("environ"), StandardCharsets.ISO_8859_1);
            for (String variable : environ.split("\0", -1)) {
                if (variable.startsWith(prefix)) {
                    return Optional.of(variable.substring(prefix.length()));
                }
            }
        } catch (IOException goneOrForeign) {
            LOG.trace("environment of {} is not readable", pid);
        }
        return Optional.empty();
    }

    @Override
    public Optional<Path> executable(long pid) {
        try {
            return Optional.of(
                    Files.readSymbolicLink(root.resolve(Long.toString(pid)).resolve("exe")));
        } catch (IOException goneOrForeign) {
            return Optional.empty();
        }
    }

    @Override
    public long nowTicks() {
        try {
            String uptime = Files.readString(root.resolve("uptime"), StandardCharsets.US_ASCII);
            return (long) (Double.parseDouble(uptime.substring(0, uptime.indexOf(' '))) * TICKS_PER_SECOND);
        } catch (IOException e) {
            throw new PodnetException.StateFailure("/proc/uptime cannot be read: " + e, e);
        }
    }

    @Override
    public void send(Entry process, Signal signal) {
        Optional<ProcessHandle> handle = ProcessHandle.of(process.pid());
        // The handle checks the start time again itself before it sends; the parent may have changed.
        if (handle.isEmpty()
                || find(process.pid())
                        .filter(found -> found.startTicks() == process.startTicks())
                        .isEmpty()) {
            return;
        }
        boolean sent = switch (signal) {
            case TERM -> handle.get().destroy();
            case KILL -> handle.get().destroyForcibly();
        };
        LOG.debug("SIG{} to {}: {}", signal, process.pid(), sent);
    }
}
