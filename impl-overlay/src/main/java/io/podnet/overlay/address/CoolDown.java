package io.podnet.overlay.address;

import io.podnet.api.IpAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Addresses that this node released lately: others may still have a neighbour entry that points to the old pod. A node that
 * restarts forgets them, but then goes on with the longest free. Not safe for threads.
 */
final class CoolDown {
    private final Duration rest;
    private final LongSupplier nanoTime;
    private final Map<IpAddress, Long> released = new LinkedHashMap<>();

    CoolDown(Duration rest, LongSupplier nanoTime) {
        this.rest = rest;
        this.nanoTime = nanoTime;
    }

    void add(Collection<IpAddress> addresses) {
        for (IpAddress address : addresses) {
            released.remove(address);
            released.put(address, nanoTime.getAsLong());
        }
    }

    private void expire() {
        long now = nanoTime.getAsLong();
        // In the order of their release: the first that still rests ends it.
        var each = released.values().iterator();
        while (each.hasNext() && now - each.next() >= rest.toNanos()) {
            each.remove();
        }
    }

    boolean rested(IpAddress address) {
        expire();
        return !released.containsKey(address);
    }

    long resting(BlockRange range) {
        expire();
        return released.keySet().stream().filter(range::contains).count();
    }
}
