package io.podnet.api;

import java.util.Objects;

/**
 * A difference between what should be in the kernel and what is.
 *
 * @param kind the kernel's word for the object
 * @param name which object
 * @param expected what should be
 * @param actual what is; {@code absent} where it is gone
 */
@API(status = API.Status.STABLE, since = "0.1")
public record Drift(String kind, String name, String expected, String actual) {
    public Drift {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(expected, "expected");
        Objects.requireNonNull(actual, "actual");
    }

    /**
     * Writes the difference.
     *
     * @return one line
     */
    @Override
    public String toString() {
        return kind + " " + name + ": expected " + expected + ", found " + actual;
    }
}
