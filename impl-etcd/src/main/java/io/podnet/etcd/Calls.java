package io.podnet.etcd;

import io.podnet.api.PodnetException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits for jetcd's answers, never for ever.
 *
 * @param timeout how long
 * @param where the endpoints, for messages
 */
record Calls(Duration timeout, String where) {
    /** Waits for an answer; whatever comes instead of it is a time-out, since the caller can only try again. */
    <T> T await(String what, CompletableFuture<T> answer) {
        try {
            return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw timedOut(what, "no answer within " + timeout, e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw timedOut(what, String.valueOf(cause.getMessage()), cause);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw timedOut(what, "interrupted", e);
        }
    }

    private PodnetException.TimedOut timedOut(String what, String why, Throwable cause) {
        PodnetException.TimedOut failure = new PodnetException.TimedOut(
                what + " in etcd at " + where + ": " + why + "; check that it runs and is reachable, then try again");
        failure.addSuppressed(cause);
        return failure;
    }
}
