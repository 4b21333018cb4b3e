package io.podnet.bridge.ipam;

import io.podnet.api.Condition;
import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.spi.AddressRange;
import io.podnet.spi.AddressRangeSet;
import io.podnet.spi.Ipam;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What is free of one range set, in memory. Searches cost the same however full it is. Not safe for threads. */
final class Pool {
    private final String name;
    private final AddressRangeSet ranges;
    private final List<Span> spans = new ArrayList<>();
    private long capacity;
    private long allocated;
    private long cooling;
    private Optional<IpAddress> lastReserved = Optional.empty();

    Pool(String network, int index, AddressRangeSet ranges, Collection<IpAddress> gateways) {
        this.ranges = ranges;
        this.name = "network " + network + ", range set " + index + " " + ranges.ranges();
        ranges.ranges().forEach(range -> spans.addAll(Span.of(range, gateways)));
        for (Span span : spans) {
            capacity = capacity > Long.MAX_VALUE - span.size() ? Long.MAX_VALUE : capacity + span.size();
        }
    }

    long free() {
        return capacity - allocated - cooling;
    }

    PodnetException.PoolExhausted exhausted() {
        return new PodnetException.PoolExhausted(name, capacity, allocated, cooling);
    }

    /** Says how full it is. */
    Ipam.Fill fill() {
        String figures = allocated + " of " + capacity + " addresses of " + name + " allocated, " + cooling
                + " cooling down; tear pods down, or add a range";
        Condition condition = Condition.READY;
        if (free() == 0) {
            condition = new Condition(
                    Condition.Code.NOT_READY, cooling == 0 ? "PoolExhausted" : "PoolCoolingDown", figures);
        } else if (allocated > capacity / 10 * 9 + capacity % 10 * 9 / 10) {
            condition = new Condition(Condition.Code.LIMITED, "PoolNearlyExhausted", figures);
        }
        return new Ipam.Fill(condition, capacity, allocated, cooling);
    }

    /** Finds the range that an address lies in, whether it may be handed out or not. */
    Optional<AddressRange> rangeOf(IpAddress address) {
        return ranges.ranges().stream().filter(range -> covers(range, address)).findFirst();
    }

    static boolean covers(AddressRange range, IpAddress address) {
        return range.subnet().family() == address.family()
                && address.compareTo(range.rangeStart()) >= 0
                && address.compareTo(range.rangeEnd()) <= 0;
    }

    private Optional<Span> spanOf(IpAddress address) {
        return spans.stream().filter(span -> span.contains(address)).findFirst();
    }

    boolean handsOut(IpAddress address) {
        return spanOf(address).isPresent();
    }

    /** Goes on after an address, as host-local does after its last_reserved_ip. */
    void continueAfter(IpAddress address) {
        lastReserved = Optional.of(address);
    }

    /** Finds the next free address after the last reserved one, starting over at the end. */
    Optional<IpAddress> next() {
        int start = 0;
        long from = 0;
        for (int i = 0; i < spans.size() && lastReserved.isPresent(); i++) {
            if (spans.get(i).contains(lastReserved.get())) {
                start = i;
                from = spans.get(i).offset(lastReserved.get()) + 1;
            }
        }
        // The first span is looked at twice: its end first, its beginning last.
        for (int i = 0; i <= spans.size() && !spans.isEmpty(); i++) {
            Span span = spans.get((start + i) % spans.size());
            long free = span.blocked().nextClear(i == 0 ? from : 0);
            if (free < span.size()) {
                return Optional.of(span.first().plus(free));
            }
        }
        return Optional.empty();
    }

    void allocate(IpAddress address) {
        allocated += block(address);
    }

    void cool(IpAddress address) {
        cooling += block(address);
    }

    void freeAllocated(IpAddress address) {
        allocated -= unblock(address);
    }

    void freeCooled(IpAddress address) {
        cooling -= unblock(address);
    }

    private int block(IpAddress address) {
        Optional<Span> span = spanOf(address);
        span.ifPresent(found -> found.blocked().set(found.offset(address)));
        return span.isPresent() ? 1 : 0;
    }

    private int unblock(IpAddress address) {
        Optional<Span> span = spanOf(address);
        span.ifPresent(found -> found.blocked().clear(found.offset(address)));
        return span.isPresent() ? 1 : 0;
    }
}
