package io.podnet.bridge.ipam;

import io.podnet.api.AttachmentId;
import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives one owner its addresses, under the lock: first chooses all, then takes all or none. */
final class Reservation {
    private static final Logger LOG = LoggerFactory.getLogger(Reservation.class);
    private static final int ATTEMPTS = 5;
    /** Enough to keep up, since a reservation makes at most one tombstone for each set. */
    private static final int TOMBSTONES_A_TIME = 4;

    private final LeaseDirectory directory;
    private final Ledger ledger;
    private final AttachmentId owner;
    private final List<IpAddress> requested;
    private final Term term;
    private final Staged staged;
    private final Instant now;

    /** How long a lease lasts. */
    enum Term {
        /** The next start frees it, unless it is committed before. */
        UNTIL_COMMIT,
        /** Somebody else keeps a record of it, and releases it. */
        FOR_GOOD
    }

    /**
     * What an owner has now.
     *
     * @param holder the name under which it has it
     * @param all all its addresses
     * @param taken those that it did not have before
     * @param fresh whether it had none before
     * @param committed false where the lease still wants a commit
     */
    record Result(Holder holder, List<IpAddress> all, List<IpAddress> taken, boolean fresh, boolean committed) {}

    Reservation(
            LeaseDirectory directory,
            Ledger ledger,
            AttachmentId owner,
            List<IpAddress> requested,
            Term term,
            Staged staged,
            Instant now) {
        this.directory = directory;
        this.ledger = ledger;
        this.owner = owner;
        this.requested = requested;
        this.term = term;
        this.staged = staged;
        this.now = now;
    }

    /** Takes what the owner does not have yet. */
    Result take(LeaseTable first) throws IOException {
        LeaseTable table = first;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            table.expire(now);
            Optional<Holder> known = table.holderFor(owner);
            if (known.isPresent() && !confirmed(table, known.get())) {
                table = ledger.reload();
                continue;
            }
            List<IpAddress> held = known.map(table::addressesOf).orElse(List.of());
            List<IpAddress> chosen = choose(table, held, requested);
            Holder holder = known.orElse(Holder.of(owner));
            boolean taken = chosen.isEmpty() || takeAll(table, holder, chosen, known.isEmpty());
            if (taken) {
                settle(table, holder);
                return new Result(
                        holder,
                        table.addressesOf(holder),
                        chosen,
                        known.isEmpty(),
                        !table.pending().containsKey(holder));
            }
            table = ledger.reload();
        }
        throw new PodnetException.Conflict("addresses for " + owner + " were taken " + ATTEMPTS + " times in "
                + directory + " by something that ignores the lock file there; find it");
    }

    private boolean confirmed(LeaseTable table, Holder holder) throws IOException {
        for (IpAddress address : table.addressesOf(holder)) {
            if (!directory.holder(address).equals(Optional.of(holder))) {
                return false;
            }
        }
        return true;
    }

    /** Chooses an address of each set that has none among the held ones. Changes nothing. */
    static List<IpAddress> choose(LeaseTable table, List<IpAddress> held, List<IpAddress> requested) {
        for (IpAddress address : requested) {
            if (held.contains(address)) {
                continue;
            }
            if (table.isObstructed(address)) {
                throw new PodnetException.Conflict(
                        "requested address " + address + " is blocked by something that is no address file");
            }
            table.holderOf(address).ifPresent(holder -> {
                throw new PodnetException.Conflict("requested address " + address + " is held by " + holder
                        + "; ask for another one, or tear that pod down first");
            });
        }
        List<IpAddress> chosen = new ArrayList<>();
        for (Pool pool : table.pools()) {
            Optional<IpAddress> wish = requested.stream()
                    .filter(address -> pool.rangeOf(address).isPresent())
                    .findFirst();
            Optional<IpAddress> own = held.stream()
                    .filter(address -> pool.rangeOf(address).isPresent())
                    .findFirst();
            if (own.isPresent()) {
                if (wish.isPresent() && !held.contains(wish.get())) {
                    throw new PodnetException.Conflict("requested address " + wish.get() + ", but its owner holds "
                            + own.get() + " already; release it first");
                }
            } else {
                chosen.add(wish.or(pool::next).orElseThrow(pool::exhausted));
            }
        }
        return chosen;
    }

    private boolean takeAll(LeaseTable table, Holder holder, List<IpAddress> chosen, boolean fresh) throws IOException {
        var source = staged.file();
        ledger.changing();
        List<IpAddress> linked = new ArrayList<>();
        try {
            if (fresh) {
                String user = table.pending().get(holder);
                if (user != null) {
                    directory.unmark(holder, user);
                    table.pending().remove(holder);
                }
                if (term == Term.UNTIL_COMMIT) {
                    directory.mark(holder);
                    table.pending().put(holder, directory.instance());
                }
            }
            for (IpAddress address : chosen) {
                linked.add(address);
                if (!link(address, source)) {
                    linked.remove(address);
                    giveBack(holder, linked, fresh);
                    return false;
                }
            }
        } catch (IOException | RuntimeException e) {
            try {
                giveBack(holder, linked, fresh);
            } catch (IOException again) {
                // The marker stays with what could not be removed, so the next start frees it.
                e.addSuppressed(again);
            }
            throw e;
        }
        List<IpAddress> tombstones = new ArrayList<>();
        for (IpAddress address : chosen) {
            if (table.warm(address)) {
                tombstones.add(address);
            }
            table.hold(address, holder);
        }
        remember(table, chosen, tombstones);
        return true;
    }

    private boolean link(IpAddress address, java.nio.file.Path source) throws IOException {
        if (directory.link(address, source)) {
            return true;
        }
        if (!directory.garbled(address)) {
            return false;
        }
        // Under the lock nobody is just writing it: its writer died.
        LOG.atWarn().addKeyValue("address", address).log("removing an address file without a readable owner");
        directory.remove(address);
        return directory.link(address, source);
    }

    /** Takes a result back that could not be made durable. */
    Holder undo(Result result) throws IOException {
        ledger.changing();
        giveBack(result.holder(), result.taken(), result.fresh());
        ledger.reload();
        return result.holder();
    }

    /** Undoes: removes addresses that are the holder's, then its marker. */
    private void giveBack(Holder holder, List<IpAddress> addresses, boolean marked) throws IOException {
        for (IpAddress address : addresses) {
            if (directory.holder(address).equals(Optional.of(holder))) {
                directory.remove(address);
            }
        }
        if (marked) {
            directory.unmark(holder, directory.instance());
        }
    }

    /**
     * Gives a lease its term. Another user's uncommitted one becomes ours, so that that user's end does not free it.
     */
    private void settle(LeaseTable table, Holder holder) throws IOException {
        String user = table.pending().get(holder);
        if (user == null) {
            return;
        }
        if (term == Term.FOR_GOOD) {
            ledger.changing();
            directory.unmark(holder, user);
            table.pending().remove(holder);
        } else if (!user.equals(directory.instance())) {
            ledger.changing();
            directory.mark(holder);
            directory.unmark(holder, user);
            table.pending().put(holder, directory.instance());
        }
    }

    /** Writes what only makes later choices better; the lease stands without it. */
    private void remember(LeaseTable table, List<IpAddress> chosen, List<IpAddress> tombstones) {
        try {
            for (IpAddress address : chosen) {
                for (int i = 0; i < table.pools().size(); i++) {
                    if (table.pools().get(i).rangeOf(address).isPresent()) {
                        table.pools().get(i).continueAfter(address);
                        directory.lastReserved(i, address);
                    }
                }
            }
            for (IpAddress address : tombstones) {
                directory.removeTombstone(address);
            }
            for (IpAddress address : table.takeSpent(TOMBSTONES_A_TIME)) {
                directory.removeTombstone(address);
            }
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("owner", owner)
                    .setCause(e)
                    .log("leased, but the order of reuse could not be written");
        }
    }
}
