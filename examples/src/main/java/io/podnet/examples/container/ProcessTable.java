package io.podnet.examples.container;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The machine's processes, as {@code /proc} shows them. Safe for any thread. */
public interface ProcessTable {
    /**
     * A process. Pid and start time together name it for as long as the machine runs.
     *
     * @param pid its number, which another process may get later
     * @param parent its parent's number
     * @param startTicks when it began, in clock ticks since boot
     */
    record Entry(long pid, long parent, long startTicks) {}

    /** What is sent to a process. */
    enum Signal {
        /** The request to end. */
        TERM,
        /** The end. */
        KILL
    }

    /**
     * Finds a process.
     *
     * @param pid its number
     * @return the process; empty where there is none, or only a zombie
     */
    Optional<Entry> find(long pid);

    /**
     * Lists the processes.
     *
     * @return all that are visible
     */
    List<Entry> all();

    /**
     * Reads a variable of the environment a process was started with.
     *
     * @param pid the process
     * @param name the variable
     * @return its value; empty where it is not there, or the process has overwritten its environment
     */
    Optional<String> variable(long pid, String name);

    /**
     * Finds a process's program.
     *
     * @param pid the process
     * @return the file
     */
    Optional<Path> executable(long pid);

    /**
     * Tells the time in a process's terms.
     *
     * @return clock ticks since boot
     */
    long nowTicks();

    /**
     * Sends a signal, unless the process is gone.
     *
     * @param process the process
     * @param signal the signal
     */
    void send(Entry process, Signal signal);
}
