package com.example.podnet;

import com.example.podnet.LeaseFile.Content;
import com.example.podnet.LeaseFile.Holding;
import io.podnet.api.AttachmentId;
import io.podnet.api.Condition;
import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import io.podnet.spi.AddressRange;
import io.podnet.spi.AddressRangeSet;
import io.podnet.spi.Ipam;
import io.podnet.spi.IpamProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Gives the address after the last one, round and round, so that a released one comes last. */
final class SequentialIpam implements Ipam {
    private final String network;
    private final List<AddressRangeSet> sets;
    private final LeaseFile file;

    SequentialIpam(IpamProvider.Context context) {
        this.network = context.network();
        this.sets = context.ranges().stream()
                .sorted(Comparator.comparing(AddressRangeSet::family))
                .toList();
        this.file = new LeaseFile(context.stateDirectory(), network);
        file.change(content -> content.holdings().values().removeIf(holding -> !holding.committed()));
    }

    private static boolean handsOut(AddressRange range, IpAddress address) {
        return address.compareTo(range.rangeStart()) >= 0
                && address.compareTo(range.rangeEnd()) <= 0
                && !address.equals(range.subnet().network())
                && (address.family() == IpFamily.IPV6
                        || !address.equals(range.subnet().last()))
                && !range.gateway().equals(Optional.of(address))
                && range.exclusions().stream().noneMatch(excluded -> excluded.contains(address));
    }

    private static Optional<AddressRange> rangeOf(AddressRangeSet set, IpAddress address) {
        return set.ranges().stream()
                .filter(range -> range.subnet().contains(address))
                .findFirst();
    }

    private static Set<IpAddress> taken(Content content) {
        Set<IpAddress> taken = new HashSet<>();
        content.holdings().values().forEach(holding -> taken.addAll(holding.addresses()));
        return taken;
    }

    private List<IpAddress> choose(Content content, List<IpAddress> requested) {
        for (IpAddress wish : requested) {
            if (sets.stream()
                    .noneMatch(set -> rangeOf(set, wish)
                            .filter(range -> handsOut(range, wish))
                            .isPresent())) {
                throw new PodnetException.Invalid("network " + network + " does not hand out " + wish);
            }
        }
        Set<IpAddress> taken = taken(content);
        List<IpAddress> chosen = new ArrayList<>();
        for (AddressRangeSet set : sets) {
            Optional<IpAddress> wish = requested.stream()
                    .filter(address -> rangeOf(set, address).isPresent())
                    .findFirst();
            if (wish.filter(taken::contains).isPresent()) {
                throw new PodnetException.Conflict("requested address " + wish.get() + " is taken");
            }
            chosen.add(wish.or(() -> next(set, content, taken))
                    .orElseThrow(() -> new PodnetException.PoolExhausted(
                            "network " + network + " " + set.ranges(), capacity(set), allocated(set, content), 0)));
        }
        return chosen;
    }

    private static Optional<IpAddress> next(AddressRangeSet set, Content content, Set<IpAddress> taken) {
        for (AddressRange range : set.ranges()) {
            IpAddress start = content.last().stream()
                    .filter(range.subnet()::contains)
                    .findFirst()
                    .orElse(range.rangeEnd());
            IpAddress address = start;
            do {
                address = address.compareTo(range.rangeEnd()) >= 0 ? range.rangeStart() : address.plus(1);
                if (handsOut(range, address) && !taken.contains(address)) {
                    return Optional.of(address);
                }
            } while (!address.equals(start));
        }
        return Optional.empty();
    }

    /** Counts by looking, which is right for networks of a node's size. */
    private static long capacity(AddressRangeSet set) {
        long count = 0;
        for (AddressRange range : set.ranges()) {
            for (IpAddress ip = range.rangeStart();
                    ip.compareTo(range.rangeEnd()) <= 0 && count < 1 << 16;
                    ip = ip.plus(1)) {
                count += handsOut(range, ip) ? 1 : 0;
            }
        }
        return count;
    }

    private static long allocated(AddressRangeSet set, Content content) {
        return taken(content).stream()
                .filter(address -> rangeOf(set, address).isPresent())
                .count();
    }

    private List<Assignment> assignments(List<IpAddress> addresses) {
        List<Assignment> assignments = new ArrayList<>();
        for (IpAddress address : addresses) {
            Optional<AddressRange> range =
                    sets.stream().flatMap(set -> rangeOf(set, address).stream()).findFirst();
            int length = range.map(found -> found.subnet().prefixLength())
                    .orElse(address.family().bits());
            assignments.add(
                    new Assignment(new InterfaceAddress(address, length), range.flatMap(AddressRange::gateway)));
        }
        return assignments;
    }

    private Lease lease(String key, Holding holding) {
        return new Lease(Content.owner(key), assignments(holding.addresses()), holding.committed());
    }

    @Override
    public Lease reserve(AttachmentId owner, List<IpAddress> requested) {
        String key = Content.key(owner);
        return file.change(content -> {
            Holding holding = content.holdings().get(key);
            if (holding == null) {
                holding = new Holding(choose(content, requested), false);
                content.holdings().put(key, holding);
                remember(content, holding.addresses());
            }
            return lease(key, holding);
        });
    }

    private void remember(Content content, List<IpAddress> addresses) {
        for (IpAddress address : addresses) {
            sets.stream()
                    .flatMap(set -> rangeOf(set, address).stream())
                    .forEach(range -> content.last().removeIf(range.subnet()::contains));
            content.last().add(address);
        }
    }

    @Override
    public void commit(AttachmentId owner) {
        file.change(content -> {
            Holding holding = content.holdings().get(Content.key(owner));
            if (holding == null) {
                throw new PodnetException.NotFound(owner + " has no lease in network " + network);
            }
            return content.holdings().put(Content.key(owner), new Holding(holding.addresses(), true));
        });
    }

    @Override
    public List<IpAddress> release(AttachmentId owner) {
        Holding released = file.change(content -> content.holdings().remove(Content.key(owner)));
        return released == null ? List.of() : released.addresses();
    }

    @Override
    public Optional<Lease> lease(AttachmentId owner) {
        String key = Content.key(owner);
        return file.change(
                content -> Optional.ofNullable(content.holdings().get(key)).map(holding -> lease(key, holding)));
    }

    @Override
    public List<Lease> list() {
        return file.change(content -> content.holdings().entrySet().stream()
                .map(entry -> lease(entry.getKey(), entry.getValue()))
                .toList());
    }

    @Override
    public List<Assignment> preview(List<IpAddress> requested) {
        return file.change(content -> assignments(choose(content, requested)));
    }

    @Override
    public Set<AttachmentId> gc(Set<AttachmentId> valid) {
        return file.change(content -> {
            Set<AttachmentId> gone = new HashSet<>();
            for (String key : List.copyOf(content.holdings().keySet())) {
                AttachmentId owner = Content.owner(key);
                if (valid.contains(owner)) {
                    content.holdings().computeIfPresent(key, (same, old) -> new Holding(old.addresses(), true));
                } else {
                    content.holdings().remove(key);
                    gone.add(owner);
                }
            }
            return gone;
        });
    }

    @Override
    public Fill status() {
        return file.change(content -> sets.stream()
                .map(set -> fill(set, content))
                .min(Comparator.comparingLong(fill -> fill.capacity() - fill.allocated()))
                .orElse(new Fill(
                        new Condition(Condition.Code.NOT_READY, "NoRanges", "there are no addresses"), 0, 0, 0)));
    }

    private static Fill fill(AddressRangeSet set, Content content) {
        long capacity = capacity(set);
        long allocated = allocated(set, content);
        return new Fill(
                allocated < capacity
                        ? Condition.READY
                        : new Condition(
                                Condition.Code.NOT_READY, "PoolExhausted", "all of " + set.ranges() + " is given"),
                capacity,
                allocated,
                0);
    }

    /** There is nothing to release: each call opens the file and closes it. */
    @Override
    public void close() {}
}
