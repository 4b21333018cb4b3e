package io.podnet.bridge.ipam;

import io.podnet.api.AttachmentId;
import io.podnet.api.IpAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What the directory holds, in memory, indexed by address and by holder. Not safe for threads. */
final class LeaseTable {
    private final List<Pool> pools;
    private final Duration coolDown;
    private final Map<IpAddress, Holder> byAddress = new HashMap<>();
    private final Map<Holder, TreeSet<IpAddress>> byHolder = new HashMap<>();
    private final Map<Holder, String> pending = new HashMap<>();
    private final Set<IpAddress> obstructed = new HashSet<>();
    private final Set<IpAddress> garbled = new HashSet<>();
    // In the order of release, so that the first one is the first to expire.
    private final Map<IpAddress, Instant> cooling = new LinkedHashMap<>();
    private final Set<IpAddress> spent = new LinkedHashSet<>();
    private Instant latest = Instant.MIN;

    LeaseTable(List<Pool> pools, Duration coolDown) {
        this.pools = pools;
        this.coolDown = coolDown;
    }

    List<Pool> pools() {
        return pools;
    }

    void hold(IpAddress address, Holder holder) {
        byAddress.put(address, holder);
        byHolder.computeIfAbsent(holder, key -> new TreeSet<>()).add(address);
        pools.forEach(pool -> pool.allocate(address));
    }

    /** Blocks an address that something other than an address file stands in the way of. */
    void obstruct(IpAddress address) {
        obstructed.add(address);
        pools.forEach(pool -> pool.allocate(address));
    }

    void drop(IpAddress address) {
        Holder holder = byAddress.remove(address);
        if (holder == null) {
            return;
        }
        Set<IpAddress> left = byHolder.getOrDefault(holder, new TreeSet<>());
        left.remove(address);
        if (left.isEmpty()) {
            byHolder.remove(holder);
        }
        pools.forEach(pool -> pool.freeAllocated(address));
    }

    Optional<Holder> holderOf(IpAddress address) {
        return Optional.ofNullable(byAddress.get(address));
    }

    boolean isObstructed(IpAddress address) {
        return obstructed.contains(address);
    }

    /** Finds under which name an owner holds addresses: its own, or its container's in files of an old version. */
    Optional<Holder> holderFor(AttachmentId owner) {
        Holder exact = Holder.of(owner);
        if (byHolder.containsKey(exact)) {
            return Optional.of(exact);
        }
        return Optional.of(exact.withoutInterface()).filter(byHolder::containsKey);
    }

    /** Lists a holder's addresses, IPv4 first. */
    List<IpAddress> addressesOf(Holder holder) {
        return List.copyOf(byHolder.getOrDefault(holder, new TreeSet<>()));
    }

    List<Holder> holders() {
        return new ArrayList<>(byHolder.keySet());
    }

    Map<Holder, String> pending() {
        return pending;
    }

    Set<IpAddress> garbled() {
        return garbled;
    }

    void cool(IpAddress address, Instant released) {
        spent.remove(address);
        if (cooling.put(address, released) == null) {
            pools.forEach(pool -> pool.cool(address));
        }
    }

    /** Ends a cool-down, since the address is handed out; false where there is no tombstone of it. */
    boolean warm(IpAddress address) {
        boolean tombstone = spent.remove(address);
        if (cooling.remove(address) != null) {
            pools.forEach(pool -> pool.freeCooled(address));
            return true;
        }
        return tombstone;
    }

    /** Ends the cool-downs whose time is over; their tombstones become spent. Changes no file. */
    void expire(Instant now) {
        if (now.isBefore(latest)) {
            // The clock was set back: nobody shall wait longer than the cool-down from now.
            cooling.replaceAll((address, released) -> released.isAfter(now) ? now : released);
        }
        latest = now;
        Iterator<Map.Entry<IpAddress, Instant>> oldest = cooling.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<IpAddress, Instant> entry = oldest.next();
            if (entry.getValue().plus(coolDown).isAfter(now)) {
                return;
            }
            oldest.remove();
            spent.add(entry.getKey());
            pools.forEach(pool -> pool.freeCooled(entry.getKey()));
        }
    }

    void spend(IpAddress address) {
        spent.add(address);
    }

    /** Takes tombstones that say nothing any more, to be removed. */
    List<IpAddress> takeSpent(int most) {
        List<IpAddress> taken = spent.stream().limit(most).toList();
        taken.forEach(spent::remove);
        return taken;
    }
}
