package io.podnet.examples.state;

/**
 * What is known of a container, enough for the agent's next process to find it again.
 *
 * @param name the container's name
 * @param state how far it is
 * @param attempt counts the starts, from 1; 0 before the first
 * @param intentTicks when the start was decided, in clock ticks since boot: the process cannot be older
 * @param pid its process; 0 where it is not known
 * @param startTicks when that process began, in clock ticks since boot, which tells it from a later one with its pid
 * @param startedMillis when it was started, in milliseconds since 1970
 * @param streak how many times in a row it ended early, for the back-off
 * @param notBeforeMillis when it may be started again, in milliseconds since 1970
 * @param exitCode how it last ended; -1 where that is not known
 * @param message for people: why it does not run; empty where it does
 */
public record ContainerStatus(
        String name,
        State state,
        int attempt,
        long intentTicks,
        long pid,
        long startTicks,
        long startedMillis,
        int streak,
        long notBeforeMillis,
        int exitCode,
        String message) {
    /** The exit code of a process that was not this agent's child. */
    public static final int UNKNOWN_EXIT_CODE = -1;

    /** How far a container is. */
    public enum State {
        /** To be started, now or after the back-off. */
        WAITING,
        /** Its start is decided; whether there is a process only the process table tells. */
        STARTING,
        /** Its process is known. */
        RUNNING,
        /** Ended, and not to be started again. */
        ENDED
    }

    /**
     * A container that has not been started.
     *
     * @param name the container's name
     * @return its status
     */
    public static ContainerStatus fresh(String name) {
        return new ContainerStatus(name, State.WAITING, 0, 0, 0, 0, 0, 0, 0, 0, "");
    }

    /**
     * Decides the next start.
     *
     * @param ticks now, in clock ticks since boot
     * @param millis now, in milliseconds since 1970
     * @return the status to write down before the process is made
     */
    public ContainerStatus starting(long ticks, long millis) {
        return new ContainerStatus(
                name, State.STARTING, attempt + 1, ticks, 0, 0, millis, streak, notBeforeMillis, exitCode, "");
    }

    /**
     * Notes the process.
     *
     * @param process its pid
     * @param ticks when it began
     * @return the status
     */
    public ContainerStatus running(long process, long ticks) {
        return new ContainerStatus(
                name,
                State.RUNNING,
                attempt,
                intentTicks,
                process,
                ticks,
                startedMillis,
                streak,
                notBeforeMillis,
                exitCode,
                "");
    }

    /**
     * Notes an end that is followed by another start.
     *
     * @param code the exit code
     * @param ends how many times in a row it ended early
     * @param millis when it may be started again
     * @param why for people
     * @return the status
     */
    public ContainerStatus waiting(int code, int ends, long millis, String why) {
        return new ContainerStatus(
                name, State.WAITING, attempt, intentTicks, 0, 0, startedMillis, ends, millis, code, why);
    }

    /**
     * Notes the last end.
     *
     * @param code the exit code
     * @param why for people; empty for a success
     * @return the status
     */
    public ContainerStatus ended(int code, String why) {
        return new ContainerStatus(name, State.ENDED, attempt, intentTicks, 0, 0, startedMillis, streak, 0, code, why);
    }
}
