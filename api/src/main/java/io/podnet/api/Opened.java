package io.podnet.api;

import java.util.ArrayDeque;
import java.util.Deque;

/** What was opened, to be closed in the opposite order. For one thread at a time. */
final class Opened {
    private final Deque<AutoCloseable> stack = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T one) {
        stack.push(one);
        return one;
    }

    /** Closes everything whatever becomes of each; what fails is added to a failure. */
    void closeAll(Throwable primary) {
        while (!stack.isEmpty()) {
            try {
                stack.pop().close();
            } catch (Exception e) {
                primary.addSuppressed(e);
            }
        }
    }
}
