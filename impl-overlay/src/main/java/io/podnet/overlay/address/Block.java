package io.podnet.overlay.address;

import io.podnet.api.AttachmentId;
import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A run of addresses that one node hands out (Calico's IPAM block, design/ipam). A value: every change gives a new one.
 *
 * @param cidr its addresses
 * @param node whose it is
 * @param token the fencing token of the owner's session when it last wrote
 * @param allocations who has which address, by the distance from the first
 * @param free the distances that nobody has, longest free first, so that an address rests as long as possible
 */
record Block(Cidr cidr, String node, long token, SortedMap<Integer, Holding> allocations, List<Integer> free) {
    /**
     * Who has an address.
     *
     * @param owner the attachment
     * @param committed false while it is only reserved
     */
    record Holding(AttachmentId owner, boolean committed) {}

    Block {
        allocations = Collections.unmodifiableSortedMap(new TreeMap<>(allocations));
        free = List.copyOf(free);
    }

    /** Makes a block of which everything is free that may be handed out. */
    static Block fresh(Cidr cidr, String node, long token, Predicate<IpAddress> handsOut) {
        List<Integer> free = new ArrayList<>();
        int size = 1 << (cidr.family().bits() - cidr.prefixLength());
        for (int i = 0; i < size; i++) {
            if (handsOut.test(cidr.network().plus(i))) {
                free.add(i);
            }
        }
        return new Block(cidr, node, token, new TreeMap<>(), free);
    }

    IpAddress address(int ordinal) {
        return cidr.network().plus(ordinal);
    }

    private int ordinal(IpAddress address) {
        return (int) address.minus(cidr.network());
    }

    boolean isEmpty() {
        return allocations.isEmpty();
    }

    /** Finds the address that has rested longest, among those that may be given. */
    Optional<IpAddress> next(Predicate<IpAddress> rested) {
        return free.stream().map(this::address).filter(rested).findFirst();
    }

    boolean isFree(IpAddress address) {
        return cidr.contains(address) && free.contains(ordinal(address));
    }

    List<IpAddress> addressesOf(AttachmentId owner) {
        return allocations.entrySet().stream()
                .filter(each -> each.getValue().owner().equals(owner))
                .map(each -> address(each.getKey()))
                .toList();
    }

    Set<AttachmentId> owners() {
        return allocations.values().stream().map(Holding::owner).collect(Collectors.toSet());
    }

    boolean committed(AttachmentId owner) {
        return allocations.values().stream()
                .filter(holding -> holding.owner().equals(owner))
                .allMatch(Holding::committed);
    }

    Block ownedBy(long newToken) {
        return new Block(cidr, node, newToken, allocations, free);
    }

    Block allocate(IpAddress address, AttachmentId owner) {
        int ordinal = ordinal(address);
        SortedMap<Integer, Holding> more = new TreeMap<>(allocations);
        more.put(ordinal, new Holding(owner, false));
        List<Integer> less = new ArrayList<>(free);
        less.remove(Integer.valueOf(ordinal));
        return new Block(cidr, node, token, more, less);
    }

    Block commit(Collection<AttachmentId> owners) {
        SortedMap<Integer, Holding> changed = new TreeMap<>(allocations);
        changed.replaceAll(
                (ordinal, holding) -> owners.contains(holding.owner()) ? new Holding(holding.owner(), true) : holding);
        return new Block(cidr, node, token, changed, free);
    }

    Block release(Predicate<Holding> which) {
        SortedMap<Integer, Holding> less = new TreeMap<>(allocations);
        List<Integer> more = new ArrayList<>(free);
        allocations.forEach((ordinal, holding) -> {
            if (which.test(holding)) {
                less.remove(ordinal);
                more.add(ordinal);
            }
        });
        return new Block(cidr, node, token, less, more);
    }
}
