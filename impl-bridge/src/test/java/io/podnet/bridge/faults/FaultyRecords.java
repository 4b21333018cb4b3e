package io.podnet.bridge.faults;

import io.podnet.api.AttachmentId;
import io.podnet.api.PodnetException;
import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.AttachmentStore;
import java.util.List;
import java.util.Optional;

/**
 * Records that may fail to be written before anything is on disk, and after, as where the directory's fsync(2) fails.
 *
 * @param real the store
 */
record FaultyRecords(AttachmentStore real) implements AttachmentStore {
    @Override
    public void write(AttachmentRecord record) {
        strike("record write " + record.phase());
        real.write(record);
        strike("record written " + record.phase());
    }

    @Override
    public Optional<AttachmentRecord> read(AttachmentId id) {
        strike("record read");
        return real.read(id);
    }

    @Override
    public List<AttachmentRecord> list() {
        strike("record list");
        return real.list();
    }

    @Override
    public void remove(AttachmentId id) {
        strike("record remove");
        real.remove(id);
        strike("record removed");
    }

    private static void strike(String operation) {
        int errno = Faults.strike(operation);
        if (errno != 0) {
            throw new PodnetException.StateFailure("injected at " + operation, null);
        }
    }
}
