package io.podnet.overlay.address;

import io.podnet.api.AttachmentId;
import io.podnet.api.Condition;
import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import io.podnet.overlay.network.NetworkConfig;
import io.podnet.overlay.network.NetworkKeys;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.Ipam;
import io.podnet.spi.IpamProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The Ipam on blocks. One lock: a call may wait for the store. */
final class ClusterIpam implements Ipam {
    private final String network;
    private final ClusterStore store;
    private final NetworkKeys keys;
    private final List<BlockRange> ranges;
    private final Presence presence;
    private final BlockLedger ledger;
    private final AddressChoice choice;
    private final CoolDown coolDown;
    private boolean agreed;
    private boolean started;
    private boolean settled;
    private boolean closed;

    ClusterIpam(IpamProvider.Context context, LongSupplier nanoTime) {
        IpamProvider.Membership cluster = context.cluster()
                .orElseThrow(() -> new PodnetException.Invalid(
                        "the Ipam 'cluster' needs a cluster store; choose one, or the Ipam 'host-local'"));
        ClusterIpamOptions options = ClusterIpamOptions.of(context.options());
        this.store = cluster.store();
        if (store.consistency() != ClusterStore.Consistency.LINEARIZABLE) {
            throw new PodnetException.Unsupported("the Ipam 'cluster' needs a store that is LINEARIZABLE, this one is "
                    + store.consistency() + "; with it, an address could be given twice");
        }
        this.network = context.network();
        this.keys = NetworkKeys.of(network);
        this.ranges = context.ranges().stream()
                .map(set -> BlockRange.of(
                        set, set.family() == IpFamily.IPV4 ? options.blockSizeIpv4() : options.blockSizeIpv6()))
                .sorted(Comparator.comparing(BlockRange::family))
                .toList();
        if (ranges.stream().map(BlockRange::family).distinct().count() != ranges.size() || ranges.isEmpty()) {
            throw new PodnetException.Invalid("the Ipam 'cluster' takes one range of a family, not " + ranges);
        }
        String node = cluster.nodeName();
        this.presence = new Presence(store, keys, node, options.timeToLive());
        this.ledger = new BlockLedger(store, keys, node);
        this.coolDown = new CoolDown(options.coolDown(), nanoTime);
        Reclaimer reclaimer = new Reclaimer(store, keys, options.reclaimAfter(), nanoTime);
        this.choice = new AddressChoice(network, node, ledger, reclaimer, coolDown);
    }

    /** Does something when this node may hand addresses out; what became of a call that timed out is looked up next time. */
    private synchronized <T> T call(Supplier<T> call) {
        if (closed) {
            throw new PodnetException.Conflict("the Ipam of network " + network + " is closed");
        }
        try {
            settle();
            return call.get();
        } catch (PodnetException.TimedOut | PodnetException.Conflict e) {
            settled = false;
            throw e;
        }
    }

    private void settle() {
        if (!agreed) {
            for (BlockRange range : ranges) {
                NetworkConfig.agree(
                        store,
                        keys,
                        "ipam" + range.family(),
                        range.range().subnet() + " in blocks of /" + range.blockLength());
            }
            agreed = true;
        }
        if (!settled || !presence.alive()) {
            settled = false;
            ledger.adopt(presence.join());
            if (!started) {
                ledger.dropReserved();
                started = true;
            }
            settled = true;
        }
    }

    private Lease leaseOf(AttachmentId owner) {
        return new Lease(
                owner,
                ledger.addressesOf(owner).stream().map(this::assignment).toList(),
                ledger.blocksOf(owner).stream().allMatch(block -> block.committed(owner)));
    }

    private Assignment assignment(IpAddress address) {
        return ranges.stream()
                .filter(range -> range.contains(address))
                .findFirst()
                .map(range -> range.assignment(address))
                .orElseGet(() -> new Assignment(
                        new InterfaceAddress(address, address.family().bits()), Optional.empty()));
    }

    private void check(List<IpAddress> requested) {
        Set<IpFamily> families = EnumSet.noneOf(IpFamily.class);
        for (IpAddress address : requested) {
            if (!families.add(address.family())) {
                throw new PodnetException.Invalid(
                        "requested addresses " + requested + " have two of one family; request at most one");
            }
            if (ranges.stream().noneMatch(range -> range.handsOut(address))) {
                throw new PodnetException.Invalid(
                        "requested address " + address + " is none that network " + network + " hands out: "
                                + ranges.stream().map(BlockRange::range).toList());
            }
        }
    }

    private static Optional<IpAddress> wish(BlockRange range, List<IpAddress> requested) {
        return requested.stream().filter(range::contains).findFirst();
    }

    @Override
    public Lease reserve(AttachmentId owner, List<IpAddress> requested) {
        List<IpAddress> wishes = List.copyOf(requested);
        check(wishes);
        return call(() -> {
            List<IpAddress> before = ledger.addressesOf(owner);
            try {
                for (BlockRange range : ranges) {
                    choice.take(range, owner, wish(range, wishes));
                }
            } catch (PodnetException e) {
                undo(owner, before, e);
                throw e;
            }
            return leaseOf(owner);
        });
    }

    private void undo(AttachmentId owner, List<IpAddress> before, PodnetException cause) {
        try {
            if (before.isEmpty()) {
                free(owner);
            }
        } catch (PodnetException again) {
            // It stays reserved, and is freed by the next gc or start.
            cause.addSuppressed(again);
        }
    }

    private List<IpAddress> free(AttachmentId owner) {
        List<IpAddress> released = new ArrayList<>();
        for (Block block : ledger.blocksOf(owner)) {
            List<IpAddress> addresses = block.addressesOf(owner);
            ledger.change(
                    block.cidr(),
                    current -> current.release(holding -> holding.owner().equals(owner)));
            released.addAll(addresses);
        }
        coolDown.add(released);
        return released.stream().sorted().toList();
    }

    @Override
    public void commit(AttachmentId owner) {
        call(() -> {
            List<Block> blocks = ledger.blocksOf(owner);
            for (Block block : blocks) {
                ledger.change(block.cidr(), current -> current.commit(Set.of(owner)));
            }
            if (blocks.isEmpty() || ledger.blocksOf(owner).size() != blocks.size()) {
                throw new PodnetException.NotFound(
                        owner + " has no lease in network " + network + ", or another node took its block");
            }
            return blocks;
        });
    }

    @Override
    public List<IpAddress> release(AttachmentId owner) {
        return call(() -> free(owner));
    }

    @Override
    public Optional<Lease> lease(AttachmentId owner) {
        return call(() -> ledger.addressesOf(owner).isEmpty() ? Optional.empty() : Optional.of(leaseOf(owner)));
    }

    @Override
    public List<Lease> list() {
        return call(() -> ledger.owners().stream().map(this::leaseOf).toList());
    }

    @Override
    public List<Assignment> preview(List<IpAddress> requested) {
        List<IpAddress> wishes = List.copyOf(requested);
        check(wishes);
        return call(() -> ranges.stream()
                .map(range -> range.assignment(choice.look(range, wish(range, wishes))))
                .toList());
    }

    @Override
    public Set<AttachmentId> gc(Set<AttachmentId> valid) {
        Set<AttachmentId> keep = Set.copyOf(valid);
        return call(() -> {
            Set<AttachmentId> released = new LinkedHashSet<>();
            for (StoredBlock stored : ledger.held()) {
                Block before = stored.block();
                Set<AttachmentId> gone = new LinkedHashSet<>(before.owners());
                gone.removeAll(keep);
                gone.forEach(owner -> coolDown.add(before.addressesOf(owner)));
                ledger.change(
                        before.cidr(),
                        current -> current.commit(keep).release(holding -> !keep.contains(holding.owner())));
                released.addAll(gone);
            }
            choice.giveBackEmpty(ranges);
            return released;
        });
    }

    @Override
    public Fill status() {
        try {
            return call(() -> {
                List<Block> all = ledger.all();
                return ranges.stream()
                        .map(range -> choice.fill(range, all))
                        .min(Comparator.comparingLong(fill -> fill.capacity() - fill.allocated()))
                        .orElseThrow();
            });
        } catch (PodnetException.TimedOut e) {
            return new Fill(
                    new Condition(Condition.Code.NOT_READY, "StoreUnreachable", String.valueOf(e.getMessage())),
                    0,
                    0,
                    0);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        presence.leave();
    }
}
