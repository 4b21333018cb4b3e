package io.podnet.netlink.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Bounded waiting for what another process does. */
final class Waiting {
    private static final long LONGEST_NANOS = 20_000_000_000L;

    private Waiting() {}

    static void until(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + LONGEST_NANOS;
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("waited too long until " + what).isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
