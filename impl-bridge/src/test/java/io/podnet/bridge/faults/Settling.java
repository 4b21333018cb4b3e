package io.podnet.bridge.faults;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Waits, for a bounded time, until threads that were told to end have done so. */
final class Settling {
    private static final long PATIENCE_NANOS = 5_000_000_000L;
    private static final long LOOK_EVERY_NANOS = 10_000_000;

    private Settling() {}

    /** What the process has, at the latest when there is no more hope that it will have what it had before. */
    static List<String> process(Inventory inventory, List<String> before) throws IOException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        List<String> now = inventory.process();
        while (!now.equals(before) && System.nanoTime() < end) {
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
            now = inventory.process();
        }
        return now;
    }
}
