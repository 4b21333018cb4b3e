package io.podnet.dns.forward;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds what is under way: in all, and of one pod; clients of the node are no one's to tell apart. Where the oldest give way, twice as many may be handed over for
 * the moment until the loop has dropped them. Safe for any thread.
 */
final class Slots {
    private final int most;
    private final int mostOfOne;
    private final DropPolicy policy;
    private final AtomicInteger used = new AtomicInteger();

    Slots(int most, int mostOfOne, DropPolicy policy) {
        this.most = most;
        this.mostOfOne = mostOfOne;
        this.policy = policy;
    }

    /** Takes a slot. Gives false where there is none. */
    boolean take(ForwardClient client) {
        int factor = policy == DropPolicy.OLDEST ? 2 : 1;
        if (!take(client.slots(), client.pod().isPresent() ? factor * mostOfOne : Integer.MAX_VALUE)) {
            return false;
        }
        if (!take(used, factor * most)) {
            client.slots().decrementAndGet();
            return false;
        }
        return true;
    }

    private static boolean take(AtomicInteger counter, int bound) {
        if (counter.incrementAndGet() > bound) {
            counter.decrementAndGet();
            return false;
        }
        return true;
    }

    void giveBack(ForwardClient client) {
        client.slots().decrementAndGet();
        used.decrementAndGet();
    }

    boolean tooMany(ForwardClient client) {
        return client.pod().isPresent() && client.slots().get() > mostOfOne;
    }

    boolean tooMany() {
        return used.get() > most;
    }

    int used() {
        return used.get();
    }
}
