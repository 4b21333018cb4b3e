package io.podnet.cni.process;

import io.podnet.api.PodnetException;
import java.time.Duration;
import java.util.Objects;

/**
 * What one run of a plugin may take.
 *
 * @param timeout from the start until its end; then it is killed with all it started
 * @param stdoutBytes what it may print on standard output; then it is killed
 * @param stderrBytes how much of what it prints on standard error is kept
 */
public record PluginLimits(Duration timeout, int stdoutBytes, int stderrBytes) {
    /** A minute; results are small, and what goes to standard error is for people. */
    public static final PluginLimits DEFAULT = new PluginLimits(Duration.ofMinutes(1), 1 << 20, 1 << 16);

    public PluginLimits {
        Objects.requireNonNull(timeout, "timeout");
        if (timeout.isNegative() || timeout.isZero() || stdoutBytes < 1 || stderrBytes < 0) {
            throw new PodnetException.Invalid(
                    "a plugin needs time and room to answer, not " + timeout + " and " + stdoutBytes + " bytes");
        }
    }

    /**
     * Gives another time.
     *
     * @param other the time
     * @return a copy
     */
    public PluginLimits within(Duration other) {
        return new PluginLimits(other, stdoutBytes, stderrBytes);
    }
}
