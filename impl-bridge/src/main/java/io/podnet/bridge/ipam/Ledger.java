package io.podnet.bridge.ipam;

import io.podnet.api.PodnetException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the table true to the directory: work runs under the directory's lock, with a table that is read anew only
 * where somebody else changed the directory, or where an earlier work failed half-way.
 */
final class Ledger {
    /** Something to do with the table and the directory while nobody else can. */
    interface Work<T> {
        T on(LeaseTable table) throws IOException;
    }

    private final ReentrantLock mutex = new ReentrantLock();
    private final LeaseDirectory directory;
    private final Supplier<LeaseTable> emptyTable;
    private final InstantSource clock;
    private @Nullable LeaseTable table;
    private LeaseDirectory.@Nullable Stamp seen;
    private long changes;
    private boolean changing;
    private boolean closed;

    Ledger(LeaseDirectory directory, Supplier<LeaseTable> emptyTable, InstantSource clock) {
        this.directory = directory;
        this.emptyTable = emptyTable;
        this.clock = clock;
    }

    /**
     * Runs work. Where it throws after {@link #changing}, the table is forgotten.
     *
     * @param what what is tried, for the message
     */
    <T> T locked(String what, Work<T> work) {
        mutex.lock();
        try {
            if (closed) {
                throw new PodnetException.StateFailure(what + " failed: this Ipam is closed", null);
            }
            return underFileLock(work);
        } catch (IOException e) {
            throw failure(what, directory, e);
        } finally {
            mutex.unlock();
        }
    }

    private <T> T underFileLock(Work<T> work) throws IOException {
        FileOps.Lock lock = directory.lock();
        try {
            changing = false;
            LeaseTable current = trueTable();
            T result = work.on(current);
            rememberStamp();
            return result;
        } finally {
            if (changing) {
                table = null;
            }
            lock.close();
        }
    }

    private LeaseTable trueTable() throws IOException {
        LeaseDirectory.Stamp now = directory.stamp();
        LeaseTable known = table;
        if (known != null && now.equals(seen)) {
            return known;
        }
        LeaseTable read = reload();
        seen = directory.settle(now, clock.instant());
        return read;
    }

    /** Reads the directory anew. */
    LeaseTable reload() throws IOException {
        table = null;
        directory.prepare();
        LeaseTable read = emptyTable.get();
        directory.scan(read, clock.instant());
        table = read;
        return read;
    }

    private void rememberStamp() {
        if (!changing) {
            return;
        }
        try {
            seen = directory.mark(generation(), clock.instant());
            changing = false;
        } catch (IOException unknown) {
            // The work is done; that its stamp is not known costs the next one a reading.
            table = null;
        }
    }

    /** Comes before the first change of a file in a work. */
    void changing() throws IOException {
        if (!changing) {
            changing = true;
            changes++;
            directory.announce(generation());
        }
    }

    private String generation() {
        return directory.instance() + ":" + changes;
    }

    /** Looks at the table as it is, however old; false where there is none. */
    boolean recalls(Holder holder) {
        mutex.lock();
        try {
            return table != null && !table.addressesOf(holder).isEmpty();
        } finally {
            mutex.unlock();
        }
    }

    /** Runs the last work; only the first call does anything. */
    void close(String what, Work<?> last) {
        mutex.lock();
        try {
            if (!closed) {
                locked(what, last::on);
            }
        } finally {
            closed = true;
            table = null;
            mutex.unlock();
        }
    }

    static PodnetException failure(String what, Object directory, IOException e) {
        String message = what + " failed in " + directory + ": " + e;
        return e instanceof AccessDeniedException
                ? new PodnetException.PermissionDenied(message + "; run as the directory's owner", e)
                : new PodnetException.StateFailure(message, e);
    }
}
