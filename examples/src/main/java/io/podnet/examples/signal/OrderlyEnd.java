package io.podnet.examples.signal;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/**
 * A command whose normal end is a signal: the signal asks the work to end, waits until everything is done, and the exit code is
 * the command's own, not 143. For one run.
 */
public final class OrderlyEnd {
    private static final int FAILED = 1;

    private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();

    /** Makes one, before the work begins. */
    public OrderlyEnd() {}

    /**
     * Does the command's work.
     *
     * @param work gives the exit code
     * @return the exit code
     * @throws Exception what the work throws; a signal that waits ends with 1 then
     */
    public int of(Callable<Integer> work) throws Exception {
        try {
            int code = work.call();
            exitCode.complete(code);
            return code;
        } finally {
            exitCode.complete(FAILED);
        }
    }

    /**
     * From now on a signal ends the work in order.
     *
     * @param stop asks the work to end; called on a thread of its own
     */
    public void onSignal(Runnable stop) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            stop.run();
                            Runtime.getRuntime().halt(exitCode.join());
                        },
                        "on-signal"));
    }
}
