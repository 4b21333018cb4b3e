package io.podnet.bridge.faults;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits, for a bounded time, for what is done beside the caller: threads end or are replaced, links are freed. */
final class Settling {
    private static final long PATIENCE_NANOS = 5_000_000_000L;
    private static final long LOOK_EVERY_NANOS = 10_000_000;

    private Settling() {}

    /** Waits until all are there. */
    static boolean meet(CyclicBarrier all) {
        try {
            all.await(PATIENCE_NANOS, TimeUnit.NANOSECONDS);
            return true;
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new AssertionError("not all came within 5 s", e);
        }
    }

    /** Waits until something is so. */
    static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("nothing happened within 5 s");
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
    }

    /** Something to look at. */
    @FunctionalInterface
    interface Look {
        List<String> now() throws IOException;
    }

    /** What is seen, at the latest when there is no more hope that it will be what it was before. */
    static List<String> after(Look look, List<String> before) throws IOException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        List<String> now = look.now();
        while (!now.equals(before) && System.nanoTime() < end) {
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
            now = look.now();
        }
        return now;
    }
}
