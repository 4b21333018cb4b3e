package io.podnet.overlay.kernel;

import io.podnet.api.Condition;
import io.podnet.overlay.model.PeerPath;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** What is known of one way: full-size packets are tried first, and small ones where they get lost. */
final class WayProbe {
    private static final int TRIES = 3;
    private static final int SMALL = 128;
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);
    private static final long AGAIN_WELL = TimeUnit.MINUTES.toNanos(1);
    private static final long AGAIN_BAD = TimeUnit.SECONDS.toNanos(5);

    private int mtu;
    private String to = "";
    private boolean small;
    private int tries;
    private long nonce;
    private boolean waiting;
    private boolean heard;
    private long due;
    private volatile Condition condition =
            new Condition(Condition.Code.READY, "Unproved", "no full-size packet has come back yet");

    /** Takes what came in, and the way as it is now; tells whether the result changed. */
    synchronized boolean look(PeerPath path, long now) {
        String where = path.device() + " " + path.probe();
        if (path.mtu() != mtu || !where.equals(to)) {
            mtu = path.mtu();
            to = where;
            restart(now);
            return false;
        }
        if (heard) {
            heard = false;
            waiting = false;
            Condition result = small ? tooLarge(path) : Condition.READY;
            due = now + (small ? AGAIN_BAD : AGAIN_WELL);
            small = false;
            tries = 0;
            return result(result);
        }
        return waiting && now - due >= 0 && unanswered(path, now);
    }

    private boolean unanswered(PeerPath path, long now) {
        waiting = false;
        if (++tries < TRIES) {
            return false;
        }
        tries = 0;
        if (!small) {
            small = true;
            return false;
        }
        small = false;
        due = now + AGAIN_BAD;
        return result(new Condition(
                Condition.Code.LIMITED,
                "PathSilent",
                "node " + path.peer() + " does not answer by " + path.device() + " (" + path.detail() + ")"));
    }

    private Condition tooLarge(PeerPath path) {
        return new Condition(
                Condition.Code.LIMITED,
                "PathMtu",
                "node " + path.peer() + " gets small packets, but none of " + mtu + " bytes by " + path.device()
                        + ": set a smaller MTU, or mend the underlay");
    }

    private void restart(long now) {
        small = false;
        tries = 0;
        waiting = false;
        heard = false;
        due = now;
    }

    private boolean result(Condition result) {
        boolean changed = !result.equals(condition);
        condition = result;
        return changed;
    }

    synchronized boolean isDue(long now) {
        return !waiting && now - due >= 0;
    }

    /** Gives the number that the answer must have. */
    synchronized long asked(long now) {
        nonce = ThreadLocalRandom.current().nextLong();
        waiting = true;
        due = now + PATIENCE;
        return nonce;
    }

    synchronized int size() {
        return small ? SMALL : mtu;
    }

    synchronized void answered(long number) {
        if (waiting && number == nonce) {
            heard = true;
        }
    }

    Condition condition() {
        return condition;
    }
}
