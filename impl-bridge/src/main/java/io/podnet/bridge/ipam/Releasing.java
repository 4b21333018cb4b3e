package io.podnet.bridge.ipam;

import io.podnet.api.IpAddress;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes a holder's addresses away, under the lock. A failure leaves the rest with the holder, for the next try. */
final class Releasing {
    private final LeaseDirectory directory;
    private final Ledger ledger;
    private final Duration coolDown;
    private final Instant now;

    Releasing(LeaseDirectory directory, Ledger ledger, Duration coolDown, Instant now) {
        this.directory = directory;
        this.ledger = ledger;
        this.coolDown = coolDown;
        this.now = now;
    }

    List<IpAddress> release(LeaseTable table, Holder holder) throws IOException {
        List<IpAddress> released = new ArrayList<>();
        ledger.changing();
        for (IpAddress address : table.addressesOf(holder)) {
            // Reads first: the table may be older than the file by one tick of the file system's clock.
            if (directory.holder(address).equals(Optional.of(holder))) {
                free(table, address);
                released.add(address);
            } else {
                table.drop(address);
            }
        }
        String user = table.pending().get(holder);
        if (user != null) {
            directory.unmark(holder, user);
            table.pending().remove(holder);
        }
        return released;
    }

    private void free(LeaseTable table, IpAddress address) throws IOException {
        if (coolDown.isZero()) {
            directory.remove(address);
            table.drop(address);
        } else {
            directory.cool(address, now);
            table.drop(address);
            table.cool(address, now);
        }
    }

    /** Makes a lease permanent. The marker's removal need not survive a crash of the machine: no lease does. */
    Holder commit(LeaseTable table, Holder holder) throws IOException {
        String user = table.pending().get(holder);
        if (user != null) {
            ledger.changing();
            directory.unmark(holder, user);
            table.pending().remove(holder);
        }
        return holder;
    }
}
