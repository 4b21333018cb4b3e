package io.podnet.services;

import io.podnet.api.ServiceId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Who has which destination, and who waits for it. The holder is always the first of all claimants. */
final class Claims {
    private final Map<Claim, Claimant> holders;
    private final Map<Claim, TreeSet<Claimant>> waiting;

    Claims() {
        holders = new HashMap<>();
        waiting = new HashMap<>();
    }

    Claims(Claims other) {
        holders = new HashMap<>(other.holders);
        waiting = new HashMap<>();
        other.waiting.forEach((claim, claimants) -> waiting.put(claim, new TreeSet<>(claimants)));
    }

    @Nullable
    Claimant holder(Claim claim) {
        return holders.get(claim);
    }

    boolean holds(Claim claim, Claimant claimant) {
        return claimant.equals(holders.get(claim));
    }

    /** Tells whether anybody at all does without something. */
    boolean areContested() {
        return !waiting.isEmpty();
    }

    /** Adds a claimant; adds to {@code affected} the services that now find somebody else in its place. */
    void add(Claim claim, Claimant claimant, Collection<ServiceId> affected) {
        Claimant holder = holders.putIfAbsent(claim, claimant);
        if (holder == null) {
            return;
        }
        TreeSet<Claimant> others = waiting.computeIfAbsent(claim, key -> new TreeSet<>());
        if (claimant.compareTo(holder) < 0) {
            holders.put(claim, claimant);
            others.add(holder);
            others.forEach(other -> affected.add(other.name().service()));
        } else {
            others.add(claimant);
        }
    }

    /** Removes a claimant; adds to {@code affected} the services that now find somebody else in its place. */
    void remove(Claim claim, Claimant claimant, Collection<ServiceId> affected) {
        TreeSet<Claimant> others = waiting.get(claim);
        if (others == null) {
            holders.remove(claim, claimant);
            return;
        }
        if (holds(claim, claimant)) {
            others.forEach(other -> affected.add(other.name().service()));
            holders.put(claim, others.first());
            others.remove(others.first());
        } else {
            others.remove(claimant);
        }
        if (others.isEmpty()) {
            waiting.remove(claim);
        }
    }
}
