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

    /** Adds a claimant; adds to {@code affected} the service that loses by it. */
    void add(Claim claim, Claimant claimant, Collection<ServiceId> affected) {
        Claimant holder = holders.putIfAbsent(claim, claimant);
        if (holder == null) {
            return;
        }
        boolean wins = claimant.compareTo(holder) < 0;
        waiting.computeIfAbsent(claim, key -> new TreeSet<>()).add(wins ? holder : claimant);
        if (wins) {
            holders.put(claim, claimant);
            affected.add(holder.name().service());
        }
    }

    /** Removes a claimant; adds to {@code affected} the service that wins by it. */
    void remove(Claim claim, Claimant claimant, Collection<ServiceId> affected) {
        TreeSet<Claimant> others = waiting.get(claim);
        if (!holds(claim, claimant)) {
            if (others != null) {
                others.remove(claimant);
            }
        } else if (others == null) {
            holders.remove(claim);
        } else {
            Claimant next = others.pollFirst();
            if (next != null) {
                holders.put(claim, next);
                affected.add(next.name().service());
            }
        }
        if (others != null && others.isEmpty()) {
            waiting.remove(claim);
        }
    }
}
