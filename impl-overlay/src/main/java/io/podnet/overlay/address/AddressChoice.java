package io.podnet.overlay.address;

import io.podnet.api.AttachmentId;
import io.podnet.api.Cidr;
import io.podnet.api.Condition;
import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.spi.Ipam;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which address an owner gets: one of the node's own blocks, else of a block that nobody has, else of one that a dead node had.
 * Addresses of blocks of living nodes are never borrowed (Calico's StrictAffinity). Not safe for threads.
 */
final class AddressChoice {
    private final String network;
    private final String node;
    private final BlockLedger ledger;
    private final Reclaimer reclaimer;
    private final CoolDown coolDown;

    AddressChoice(String network, String node, BlockLedger ledger, Reclaimer reclaimer, CoolDown coolDown) {
        this.network = network;
        this.node = node;
        this.ledger = ledger;
        this.reclaimer = reclaimer;
        this.coolDown = coolDown;
    }

    private List<Block> own(BlockRange range) {
        return ledger.held().stream()
                .map(StoredBlock::block)
                .filter(block ->
                        range.contains(block.cidr().network()) && block.cidr().prefixLength() == range.blockLength())
                .toList();
    }

    /** Gives an owner an address of a range, unless it has one. */
    void take(BlockRange range, AttachmentId owner, Optional<IpAddress> wish) {
        Optional<IpAddress> has =
                ledger.addressesOf(owner).stream().filter(range::contains).findFirst();
        if (has.isPresent()) {
            if (wish.isPresent() && !wish.equals(has)) {
                throw new PodnetException.Conflict(
                        owner + " has " + has.get() + " already; release it before " + wish.get() + " is requested");
            }
            return;
        }
        boolean taken = wish.isPresent() ? takeThis(range, owner, wish.get()) : takeAny(range, owner);
        if (!taken && wish.isPresent()) {
            throw new PodnetException.Conflict("requested address " + wish.get() + " of network " + network
                    + " is taken, or in a block of another node");
        }
        if (!taken) {
            throw exhausted(range);
        }
    }

    private boolean takeThis(BlockRange range, AttachmentId owner, IpAddress wish) {
        Cidr cidr = range.blockOf(wish);
        return (ledger.holds(cidr) || claim(range, cidr)) && allocate(cidr, owner, address -> address.equals(wish));
    }

    private boolean takeAny(BlockRange range, AttachmentId owner) {
        for (Block block : own(range)) {
            if (block.next(coolDown::rested).isPresent() && allocate(block.cidr(), owner, coolDown::rested)) {
                return true;
            }
        }
        return takeFromFreeBlock(range, owner) || (reclaimer.sweep() > 0 && takeFromFreeBlock(range, owner));
    }

    private boolean takeFromFreeBlock(BlockRange range, AttachmentId owner) {
        Set<Cidr> taken = new HashSet<>();
        ledger.all().forEach(block -> taken.add(block.cidr()));
        return range.candidates(node)
                .filter(cidr -> !taken.contains(cidr))
                .anyMatch(cidr -> claim(range, cidr) && allocate(cidr, owner, coolDown::rested));
    }

    private boolean claim(BlockRange range, Cidr cidr) {
        return ledger.claim(cidr, Block.fresh(cidr, node, 0, range::handsOut));
    }

    private boolean allocate(Cidr cidr, AttachmentId owner, Predicate<IpAddress> allowed) {
        return ledger.change(cidr, block -> {
                    Optional<IpAddress> next =
                            block.addressesOf(owner).isEmpty() ? block.next(allowed) : Optional.empty();
                    return next.map(address -> block.allocate(address, owner)).orElse(block);
                })
                .filter(block -> !block.addressesOf(owner).isEmpty())
                .isPresent();
    }

    /** Tells what {@link #take} would give. */
    IpAddress look(BlockRange range, Optional<IpAddress> wish) {
        if (wish.isPresent()) {
            Cidr cidr = range.blockOf(wish.get());
            boolean free = ledger.all().stream()
                    .filter(block -> block.cidr().equals(cidr))
                    .allMatch(block -> ledger.holds(cidr) && block.isFree(wish.get()));
            if (!free) {
                throw new PodnetException.Conflict("requested address " + wish.get() + " of network " + network
                        + " is taken, or in a block of another node");
            }
            return wish.get();
        }
        Optional<IpAddress> own = own(range).stream()
                .flatMap(block -> block.next(coolDown::rested).stream())
                .findFirst();
        return own.orElseGet(() -> {
            Set<Cidr> taken = new HashSet<>();
            ledger.all().forEach(block -> taken.add(block.cidr()));
            return range.candidates(node)
                    .filter(cidr -> !taken.contains(cidr))
                    .flatMap(cidr -> Block.fresh(cidr, node, 0, range::handsOut).next(coolDown::rested).stream())
                    .findFirst()
                    .orElseThrow(() -> exhausted(range));
        });
    }

    /** Gives blocks back in which nobody has an address, but for one of each range. */
    void giveBackEmpty(List<BlockRange> ranges) {
        for (BlockRange range : ranges) {
            List<Block> empty = own(range).stream().filter(Block::isEmpty).toList();
            empty.stream().skip(1).forEach(block -> ledger.giveBack(block.cidr()));
        }
    }

    private PodnetException.PoolExhausted exhausted(BlockRange range) {
        Ipam.Fill fill = fill(range, ledger.all());
        return new PodnetException.PoolExhausted(
                "network " + network + ", " + range.range() + " in blocks of /" + range.blockLength()
                        + " of which node " + node + " has " + own(range).size() + " and none is free",
                fill.capacity(),
                fill.allocated(),
                fill.coolingDown());
    }

    Ipam.Fill fill(BlockRange range, List<Block> all) {
        long allocated = all.stream()
                .filter(block -> range.contains(block.cidr().network()))
                .mapToLong(block -> block.allocations().size())
                .sum();
        long capacity = range.capacity();
        Set<Cidr> taken = new HashSet<>();
        all.forEach(block -> taken.add(block.cidr()));
        long cooling = coolDown.resting(range);
        boolean canGive = own(range).stream().anyMatch(block -> !block.free().isEmpty())
                || range.candidates(node).anyMatch(cidr -> !taken.contains(cidr));
        Condition condition = canGive
                ? Condition.READY
                : new Condition(
                        Condition.Code.NOT_READY,
                        "PoolExhausted",
                        "node " + node + " has no free address of " + range.range()
                                + " and no block is free; tear pods down, or choose a larger network");
        return new Ipam.Fill(condition, capacity, allocated, cooling);
    }
}
