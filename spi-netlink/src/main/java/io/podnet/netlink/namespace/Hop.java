package io.podnet.netlink.namespace;

import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One task on its way to a namespace thread and back to the caller that waits for it.
 *
 * @param <T> what the task brings back
 */
final class Hop<T> {
    // No spinning before it: with the namespace threads asleep, as between two pods, it was measured to gain nothing.
    private static final long PARK_NANOS = 20_000_000;

    private final Set<NamespaceKind> leaves;
    private final NamespaceTask<T, ?> task;
    private final Thread caller = Thread.currentThread();
    private @Nullable T result;
    private @Nullable Throwable failure;
    private volatile boolean done;

    /**
     * @param leaves the kinds of namespace that the task may leave its home for
     * @param task the task, which itself enters what it needs
     */
    Hop(Set<NamespaceKind> leaves, NamespaceTask<T, ?> task) {
        this.leaves = leaves;
        this.task = task;
    }

    Set<NamespaceKind> leaves() {
        return leaves;
    }

    /** On the namespace thread: does the work and keeps what came of it. */
    void run() {
        try {
            result = task.call();
        } catch (Throwable e) { // errors too belong to the caller, who is the one that can act on them
            failure = e;
        }
    }

    /** On the namespace thread: says that the task was not even begun. */
    void refuse(Throwable reason) {
        failure = reason;
    }

    /** On the namespace thread, once it is home: lets the caller go on. */
    void finish() {
        done = true;
        LockSupport.unpark(caller);
    }

    /**
     * Waits for the end, which an interrupt does not hasten: the task is system calls only, and its result has to be
     * closed by somebody.
     *
     * @param whileWaiting called every few milliseconds, for a caller whose thread died before it took the task
     */
    void await(Runnable whileWaiting) {
        boolean interrupted = false;
        while (!done) {
            LockSupport.parkNanos(this, PARK_NANOS);
            interrupted |= Thread.interrupted();
            if (!done) {
                whileWaiting.run();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gives what the task returned, or throws what it threw. */
    @SuppressWarnings("NullAway") // what the task returned, which is as nullable as its own T
    <X extends Exception> T outcome() throws X {
        Throwable thrown = failure;
        if (thrown != null) {
            throw Hop.<X>asThrown(thrown);
        }
        return result;
    }

    /** The compiler has seen that the task throws X or unchecked exceptions only. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <X extends Exception> X asThrown(Throwable thrown) throws X {
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (X) thrown;
    }
}
