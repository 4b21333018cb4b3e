package io.podnet.testkit.cluster;

import io.podnet.api.PodnetException;
import java.time.Duration;

/**
 * How bad a link is, in each direction.
 *
 * @param delay how long each frame waits, at most an hour
 * @param jitter by how much that may be more or less, at most the delay; frames keep their order all the same
 * @param loss the share of frames that vanish, 0 to 1
 */
record Impairment(Duration delay, Duration jitter, double loss) {
    private static final Duration MOST = Duration.ofHours(1);
    static final Impairment NONE = new Impairment(Duration.ZERO, Duration.ZERO, 0);

    Impairment {
        if (delay.isNegative() || delay.compareTo(MOST) > 0) {
            throw new PodnetException.Invalid("a delay of " + delay + ": PT0S to " + MOST + " are possible");
        }
        if (jitter.isNegative() || jitter.compareTo(delay) > 0) {
            throw new PodnetException.Invalid(
                    "a jitter of " + jitter + ": PT0S to the delay, which is " + delay + ", are possible");
        }
        if (!(loss >= 0 && loss <= 1)) {
            throw new PodnetException.Invalid("a loss of " + loss + ": 0 to 1 are possible");
        }
    }

    boolean isNone() {
        return delay.isZero() && loss == 0;
    }

    Impairment delayed(Duration time, Duration by) {
        return new Impairment(time, by, loss);
    }

    Impairment losing(double share) {
        return new Impairment(delay, jitter, share);
    }
}
