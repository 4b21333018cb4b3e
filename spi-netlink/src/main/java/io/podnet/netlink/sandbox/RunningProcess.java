package io.podnet.netlink.sandbox;

import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.libc.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A process by id and start time, which together name it for as long as the machine runs: a process that got the same
 * id later is another one, and is never signalled for it. Immutable; can be kept in a file.
 *
 * @param pid process id in this process's pid namespace
 * @param startTicks clock ticks between boot and its start: field 22 of /proc/PID/stat
 */
public record RunningProcess(long pid, long startTicks) {
    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;
    private static final Duration LONGEST_DEATH = Duration.ofSeconds(10);
    // Fields are counted from 1 in proc(5); the third, the state, is the first behind the parenthesis.
    private static final int STATE = 0;
    private static final int START_TIME = 22 - 3;

    /**
     * Identifies a process.
     *
     * @param pid its id
     * @return the process; empty where there is none, or only a dead one that its parent has not waited for
     */
    public static Optional<RunningProcess> of(long pid) {
        try {
            // The name may hold anything, parentheses and line ends too; what follows the last one is numbers.
            String stat = new String(
                    Files.readAllBytes(Path.of("/proc", Long.toString(pid), "stat")), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            boolean dead = fields[STATE].equals("Z") || fields[STATE].equals("X");
            return dead ? Optional.empty() : Optional.of(new RunningProcess(pid, Long.parseLong(fields[START_TIME])));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Tells whether it still runs.
     *
     * @return false once it is dead, even if another process has its id
     */
    public boolean isRunning() {
        return of(pid).equals(Optional.of(this));
    }

    /**
     * Ends it: SIGTERM, then after a while SIGKILL. Ending one that has ended is fine.
     *
     * @param grace how long it may take to end by itself; zero kills at once
     * @throws PodnetException.PermissionDenied where it belongs to somebody else
     * @throws PodnetException.TimedOut where not even SIGKILL ended it within ten seconds
     */
    public void stop(Duration grace) {
        if (!grace.isZero() && !grace.isNegative()) {
            terminate();
        }
        killAfter(grace);
    }

    /** Asks it to end. */
    void terminate() {
        try (PidHandle handle = PidHandle.open(pid)) {
            if (isRunning()) {
                send(handle, SIGTERM);
            }
        }
    }

    /** Waits for its end, and after a while does not wait any longer. */
    void killAfter(Duration grace) {
        try (PidHandle handle = PidHandle.open(pid)) {
            if (!isRunning() || handle.awaitEnd(grace)) {
                return;
            }
            send(handle, SIGKILL);
            if (!handle.awaitEnd(LONGEST_DEATH)) {
                throw new PodnetException.TimedOut("process " + pid + " did not end within " + LONGEST_DEATH.toSeconds()
                        + " s of SIGKILL; it waits for the kernel");
            }
        }
    }

    private void send(PidHandle handle, int signal) {
        long sent = handle.send(signal);
        if (sent < 0 && !Errno.ESRCH.is(sent)) {
            throw Refusal.of("signal " + signal, "process " + pid, sent);
        }
    }
}
