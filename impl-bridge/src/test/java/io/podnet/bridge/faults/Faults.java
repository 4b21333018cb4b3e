package io.podnet.bridge.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One count over everything that a node does to the machine: calls of the C library, operations on lease files, writes
 * of records. Static, since ServiceLoader makes the C library's stand-in and no test could reach it otherwise. Surefire
 * runs the classes of a JVM one after the other.
 */
public final class Faults {
    private static final String REAPER = "podnet-link-reaper";
    /** It listens when it likes, and nobody waits for it. */
    private static final String WATCH = "podnet-rule-watch";

    private static final Object LOCK = new Object();

    private static Plan plan = Plan.NONE;
    private static boolean reaperOnly;
    private static int count;
    private static int hits;
    private static List<String> names;

    /** What happens at which operation. */
    @FunctionalInterface
    interface Plan {
        int KILL = -1;
        Plan NONE = (number, operation) -> 0;

        /**
         * Decides.
         *
         * @param number the operation's number, from 1 on
         * @param operation its name
         * @return 0 to let it be, an errno to fail it, {@link #KILL} to end the process before it
         */
        int verdict(int number, String operation);

        static Plan failOnce(int at, int errno) {
            return (number, operation) -> number == at ? errno : 0;
        }

        static Plan failFrom(int at, int errno) {
            return (number, operation) -> number >= at ? errno : 0;
        }

        /** From some operation on, every third one on average. */
        static Plan failOften(int at, int errno) {
            Random random = new Random(at);
            return (number, operation) -> number == at || (number > at && random.nextInt(3) == 0) ? errno : 0;
        }

        /** Every operation with some words at the beginning of its name. */
        static Plan failAll(String beginning, int errno) {
            return (number, operation) -> operation.startsWith(beginning) ? errno : 0;
        }

        static Plan killAt(int at) {
            return (number, operation) -> number == at ? KILL : 0;
        }
    }

    private Faults() {}

    /** Starts counting, all threads but those that work in the background. */
    static void arm(Plan chosen) {
        arm(chosen, false);
    }

    /** Starts counting the operations of the thread that frees links. */
    static void armReaper(Plan chosen) {
        arm(chosen, true);
    }

    private static void arm(Plan chosen, boolean onlyTheReaper) {
        synchronized (LOCK) {
            plan = chosen;
            reaperOnly = onlyTheReaper;
            count = 0;
            hits = 0;
            names = new ArrayList<>();
        }
    }

    /** Stops. Gives the names of all operations since {@link #arm}. */
    static List<String> disarm() {
        synchronized (LOCK) {
            List<String> all = names;
            arm(Plan.NONE, false);
            names = null;
            return all;
        }
    }

    /** How many operations were failed since {@link #arm}. */
    static int hits() {
        synchronized (LOCK) {
            return hits;
        }
    }

    /**
     * Comes before an operation.
     *
     * @return 0, or the errno that it fails with
     */
    public static int strike(String operation) {
        int verdict;
        synchronized (LOCK) {
            String thread = Thread.currentThread().getName();
            if (names == null || thread.equals(WATCH) || thread.equals(REAPER) != reaperOnly) {
                return 0;
            }
            names.add(operation);
            verdict = plan.verdict(++count, operation);
            if (verdict != 0) {
                hits++;
            }
        }
        if (verdict == Plan.KILL) {
            FaultyLibc.killThisProcess();
        }
        return verdict;
    }
}
