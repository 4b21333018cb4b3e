package io.podnet.bridge.ipam;

import io.podnet.api.AttachmentId;
import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.spi.Ipam;
import io.podnet.spi.IpamProvider;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Ipam on a {@link LeaseDirectory}. */
final class HostLocalIpam implements Ipam {
    private static final Logger LOG = LoggerFactory.getLogger(HostLocalIpam.class);

    private final Ranges ranges;
    private final Options options;
    private final InstantSource clock;
    private final LeaseDirectory directory;
    private final Ledger ledger;

    private HostLocalIpam(
            Ranges ranges, Options options, InstantSource clock, LeaseDirectory directory, Ledger ledger) {
        this.ranges = ranges;
        this.options = options;
        this.clock = clock;
        this.directory = directory;
        this.ledger = ledger;
    }

    /** Opens a network's directory on a machine that tests replace in part. */
    static HostLocalIpam open(IpamProvider.Context context, Machine machine) {
        Options options = Options.of(context.options());
        Ranges ranges = new Ranges(context.network(), context.ranges());
        LeaseDirectory directory = directory(context, machine);
        Ledger ledger =
                new Ledger(directory, () -> new LeaseTable(ranges.pools(), options.coolDown()), machine.clock());
        HostLocalIpam ipam = new HostLocalIpam(ranges, options, machine.clock(), directory, ledger);
        try {
            ledger.locked("start", new Startup(directory, ledger, machine, ipam.releasing())::run);
        } catch (PodnetException e) {
            retire(directory, e);
            throw e;
        }
        return ipam;
    }

    /** A start that is tried again and again must not leave a user in the directory each time. */
    private static void retire(LeaseDirectory directory, Throwable cause) {
        try {
            directory.retire();
        } catch (IOException again) {
            cause.addSuppressed(again);
        }
    }

    private static LeaseDirectory directory(IpamProvider.Context context, Machine machine) {
        try {
            machine.files().createDirectory(context.stateDirectory());
            LeaseDirectory directory = new LeaseDirectory(
                    machine.files(),
                    context.stateDirectory().toRealPath(),
                    context.network(),
                    machine.processes().newInstance());
            // Before the lock: making its file in a directory that others may write to would follow their links.
            try {
                directory.prepare();
            } catch (IOException | PodnetException e) {
                retire(directory, e);
                throw e;
            }
            return directory;
        } catch (IOException e) {
            throw Ledger.failure("start", context.stateDirectory(), e);
        }
    }

    private Releasing releasing() {
        return new Releasing(directory, ledger, options.coolDown(), clock.instant());
    }

    @Override
    public Lease reserve(AttachmentId owner, List<IpAddress> requested) {
        return take(owner, requested, Reservation.Term.UNTIL_COMMIT);
    }

    @Override
    public Lease assign(AttachmentId owner, List<IpAddress> requested) {
        return take(owner, requested, Reservation.Term.FOR_GOOD);
    }

    private Lease take(AttachmentId owner, List<IpAddress> requested, Reservation.Term term) {
        String what = "reserving addresses for " + owner;
        List<IpAddress> wishes = List.copyOf(requested);
        ranges.check(wishes);
        Holder holder = Holder.of(owner);
        try (Staged staged = new Staged(directory, holder)) {
            if (!ledger.recalls(holder)) {
                staged.file();
            }
            Reservation reservation = new Reservation(directory, ledger, owner, wishes, term, staged, clock.instant());
            Reservation.Result result = ledger.locked(what, reservation::take);
            makeDurable(what, reservation, result);
            return new Lease(owner, ranges.assignments(result.all()), result.committed());
        } catch (IOException e) {
            throw Ledger.failure(what, directory, e);
        }
    }

    private void makeDurable(String what, Reservation reservation, Reservation.Result result) {
        try {
            directory.sync();
        } catch (IOException e) {
            PodnetException failure = Ledger.failure(what, directory, e);
            try {
                ledger.locked(what, table -> reservation.undo(result));
            } catch (PodnetException again) {
                failure.addSuppressed(again);
            }
            throw failure;
        }
    }

    @Override
    public void commit(AttachmentId owner) {
        ledger.locked("committing the lease of " + owner, table -> {
            Holder holder = table.holderFor(owner)
                    .orElseThrow(() -> new PodnetException.NotFound(owner + " has no lease in " + directory));
            return releasing().commit(table, holder);
        });
    }

    @Override
    public List<IpAddress> release(AttachmentId owner) {
        String what = "releasing the lease of " + owner;
        List<IpAddress> released = ledger.locked(what, table -> {
            Optional<Holder> holder = table.holderFor(owner);
            return holder.isPresent() ? releasing().release(table, holder.get()) : List.<IpAddress>of();
        });
        syncAfterRelease(what);
        return released;
    }

    private void syncAfterRelease(String what) {
        try {
            directory.sync();
        } catch (IOException e) {
            throw Ledger.failure(what, directory, e);
        }
    }

    @Override
    public Optional<Lease> lease(AttachmentId owner) {
        return ledger.locked(
                "finding the lease of " + owner,
                table -> table.holderFor(owner).map(holder -> lease(table, holder, owner)));
    }

    private Lease lease(LeaseTable table, Holder holder, AttachmentId owner) {
        return new Lease(
                owner,
                ranges.assignments(table.addressesOf(holder)),
                !table.pending().containsKey(holder));
    }

    @Override
    public List<Lease> list() {
        return ledger.locked(
                "listing leases",
                table -> table.holders().stream()
                        .flatMap(holder -> holder.attachment().map(owner -> lease(table, holder, owner)).stream())
                        .toList());
    }

    @Override
    public List<Assignment> preview(List<IpAddress> requested) {
        List<IpAddress> wishes = List.copyOf(requested);
        ranges.check(wishes);
        return ledger.locked("previewing a reservation", table -> {
            table.expire(clock.instant());
            return ranges.assignments(Reservation.choose(table, List.of(), wishes));
        });
    }

    @Override
    public Set<AttachmentId> gc(Set<AttachmentId> valid) {
        Set<String> containers = valid.stream().map(AttachmentId::sandboxId).collect(Collectors.toSet());
        String what = "releasing leases without a valid owner";
        Set<AttachmentId> released = ledger.locked(what, table -> {
            Set<AttachmentId> owners = new LinkedHashSet<>();
            for (Holder holder : table.holders()) {
                Optional<AttachmentId> owner = holder.attachment();
                boolean keep = holder.ifName().isEmpty()
                        ? containers.contains(holder.id())
                        : owner.isPresent() && valid.contains(owner.get());
                if (keep) {
                    releasing().commit(table, holder);
                } else {
                    releasing().release(table, holder);
                    owner.ifPresent(owners::add);
                }
            }
            return owners;
        });
        syncAfterRelease(what);
        return released;
    }

    @Override
    public Fill status() {
        return ledger.locked("reading the fill", table -> {
            table.expire(clock.instant());
            return table.pools().stream()
                    .min(Comparator.comparingLong(Pool::free))
                    .map(Pool::fill)
                    .orElseGet(ranges::noFill);
        });
    }

    /** Leaves uncommitted leases for the next start to free. A failure only means that they wait for this process's end. */
    @Override
    public void close() {
        try {
            ledger.close("closing", table -> {
                ledger.changing();
                return directory.retire();
            });
        } catch (PodnetException e) {
            LOG.atWarn().addKeyValue("directory", directory).setCause(e).log("closed without a trace in the directory");
        }
    }
}
