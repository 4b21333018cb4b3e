package io.podnet.bridge.ipam;

import io.podnet.api.IpAddress;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Frees what nobody can still use: leases of earlier boots, unreadable files, uncommitted leases of dead processes. */
final class Startup {
    private static final Logger LOG = LoggerFactory.getLogger(Startup.class);

    private final LeaseDirectory directory;
    private final Ledger ledger;
    private final Machine machine;
    private final Releasing releasing;

    Startup(LeaseDirectory directory, Ledger ledger, Machine machine, Releasing releasing) {
        this.directory = directory;
        this.ledger = ledger;
        this.machine = machine;
        this.releasing = releasing;
    }

    /** Does all of it; each step may be repeated after a crash. */
    int run(LeaseTable table) throws IOException {
        ledger.changing();
        int old = 0;
        int unreadable = 0;
        if (!directory.boot().equals(machine.boot().id())) {
            old = freeOlderThan(table, machine.boot().startedAt());
            directory.sync();
            directory.boot(machine.boot().id());
        }
        for (IpAddress address : List.copyOf(table.garbled())) {
            directory.remove(address);
            table.garbled().remove(address);
            unreadable++;
        }
        int uncommitted = freeUncommitted(table);
        directory.sweepStaging(machine.processes());
        for (IpAddress address : table.takeSpent(Integer.MAX_VALUE)) {
            directory.removeTombstone(address);
        }
        directory.sync();
        if (old + unreadable + uncommitted > 0) {
            LOG.atWarn()
                    .addKeyValue("directory", directory)
                    .addKeyValue("earlierBoot", old)
                    .addKeyValue("unreadable", unreadable)
                    .addKeyValue("uncommitted", uncommitted)
                    .log("freed addresses that nobody uses any more");
        }
        return old + unreadable + uncommitted;
    }

    /**
     * Frees by the time of writing, since host-local may have worked in this boot before us. The kernel's boot time is
     * recomputed by the present clock and rounded down, so that a file of this boot never looks older; only where the
     * clock was set forward after host-local wrote and before the first of us started, it does.
     */
    private int freeOlderThan(LeaseTable table, Instant started) throws IOException {
        int freed = 0;
        List<IpAddress> all = new ArrayList<>();
        table.holders().forEach(holder -> all.addAll(table.addressesOf(holder)));
        for (IpAddress address : all) {
            Optional<Instant> written = directory.modified(address);
            if (written.isPresent() && written.get().isBefore(started)) {
                directory.remove(address);
                table.drop(address);
                freed++;
            }
        }
        return freed;
    }

    private int freeUncommitted(LeaseTable table) throws IOException {
        Set<Holder> inUse = new HashSet<>();
        List<String> gone = new ArrayList<>();
        for (String user : directory.users()) {
            if (user.equals(directory.instance()) || machine.processes().alive(user)) {
                inUse.addAll(directory.marked(user));
            } else {
                gone.add(user);
            }
        }
        int freed = 0;
        for (String user : gone) {
            for (Holder holder : directory.marked(user)) {
                if (!inUse.contains(holder)) {
                    freed += releasing.release(table, holder).size();
                }
                directory.unmark(holder, user);
            }
            directory.removeUser(user);
        }
        return freed;
    }
}
