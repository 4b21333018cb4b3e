package io.podnet.testkit.contract;

import io.podnet.api.AttachmentId;
import io.podnet.api.Cidr;
import io.podnet.api.Condition;
import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.spi.AddressRange;
import io.podnet.spi.Ipam;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Leases that outlive the plugin under test. Addresses rise and come round again. It refuses to commit where it is told to. */
final class MemoryIpam implements Ipam {
    private final Map<AttachmentId, Lease> leases = new HashMap<>();
    private final Map<Cidr, IpAddress> last = new HashMap<>();
    private List<AddressRange> ranges;
    private boolean refusesCommit;

    MemoryIpam(List<Cidr> cidrs) {
        this.ranges = ranges(cidrs);
    }

    private static List<AddressRange> ranges(List<Cidr> cidrs) {
        return cidrs.stream()
                .sorted(Comparator.comparing(Cidr::family))
                .map(AddressRange::of)
                .toList();
    }

    /** What the node does when its pod CIDRs change. */
    synchronized void cidrs(List<Cidr> cidrs) {
        ranges = ranges(cidrs);
    }

    synchronized void refuseCommit(boolean refuse) {
        refusesCommit = refuse;
    }

    private Set<IpAddress> taken() {
        Set<IpAddress> taken = new HashSet<>();
        leases.values()
                .forEach(lease -> lease.assignments()
                        .forEach(assignment -> taken.add(assignment.address().address())));
        return taken;
    }

    private IpAddress choose(AddressRange range, List<IpAddress> requested, Set<IpAddress> taken) {
        for (IpAddress wish : requested) {
            if (range.subnet().contains(wish)) {
                if (taken.contains(wish)) {
                    throw new PodnetException.Conflict("requested address " + wish + " is taken");
                }
                return wish;
            }
        }
        IpAddress start = last.getOrDefault(range.subnet(), range.rangeStart());
        IpAddress next = start;
        do {
            next = next.compareTo(range.rangeEnd()) >= 0 ? range.rangeStart() : next.plus(1);
            if (!range.gateway().equals(Optional.of(next)) && !taken.contains(next)) {
                return next;
            }
        } while (!next.equals(start));
        throw new PodnetException.PoolExhausted("the contract's pool", capacity(range), taken.size(), 0);
    }

    private static long capacity(AddressRange range) {
        return range.rangeEnd().minus(range.rangeStart());
    }

    @Override
    public synchronized Lease reserve(AttachmentId owner, List<IpAddress> requested) {
        Lease known = leases.get(owner);
        if (known != null) {
            return known;
        }
        Lease lease = new Lease(owner, preview(requested), false);
        lease.assignments()
                .forEach(assignment -> last.put(
                        assignment.address().cidr(), assignment.address().address()));
        leases.put(owner, lease);
        return lease;
    }

    @Override
    public synchronized List<Assignment> preview(List<IpAddress> requested) {
        for (IpAddress wish : requested) {
            if (ranges.stream().noneMatch(range -> range.subnet().contains(wish))) {
                throw new PodnetException.Invalid("requested address " + wish + " is in none of " + ranges);
            }
        }
        Set<IpAddress> taken = taken();
        List<Assignment> assignments = new ArrayList<>();
        for (AddressRange range : ranges) {
            assignments.add(new Assignment(
                    new InterfaceAddress(
                            choose(range, requested, taken), range.subnet().prefixLength()),
                    range.gateway()));
        }
        return assignments;
    }

    @Override
    public synchronized void commit(AttachmentId owner) {
        Lease lease = leases.get(owner);
        if (lease == null) {
            throw new PodnetException.NotFound(owner + " has no lease");
        }
        if (refusesCommit) {
            throw new PodnetException.StateFailure("the contract refuses to commit the lease of " + owner, null);
        }
        leases.put(owner, new Lease(owner, lease.assignments(), true));
    }

    @Override
    public synchronized List<IpAddress> release(AttachmentId owner) {
        Lease lease = leases.remove(owner);
        return lease == null
                ? List.of()
                : lease.assignments().stream()
                        .map(assignment -> assignment.address().address())
                        .toList();
    }

    @Override
    public synchronized Optional<Lease> lease(AttachmentId owner) {
        return Optional.ofNullable(leases.get(owner));
    }

    @Override
    public synchronized List<Lease> list() {
        return List.copyOf(leases.values());
    }

    @Override
    public synchronized Set<AttachmentId> gc(Set<AttachmentId> valid) {
        Set<AttachmentId> gone = new HashSet<>(leases.keySet());
        gone.removeAll(valid);
        leases.keySet().removeAll(gone);
        return gone;
    }

    @Override
    public synchronized Fill status() {
        long capacity = ranges.stream().mapToLong(MemoryIpam::capacity).min().orElse(0);
        return new Fill(
                leases.size() < capacity
                        ? Condition.READY
                        : new Condition(Condition.Code.NOT_READY, "PoolExhausted", "the contract's pool is full"),
                capacity,
                leases.size(),
                0);
    }

    /** The contract's, not the plugin's to end. */
    @Override
    public void close() {}
}
