package io.podnet.testkit.contract;

import io.podnet.api.AttachmentId;
import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.AttachmentStore;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Records that outlive the plugin under test, as files would. */
final class MemoryRecords implements AttachmentStore {
    private final Map<AttachmentId, AttachmentRecord> records = new ConcurrentHashMap<>();

    @Override
    public void write(AttachmentRecord record) {
        records.put(record.id(), record);
    }

    @Override
    public Optional<AttachmentRecord> read(AttachmentId id) {
        return Optional.ofNullable(records.get(id));
    }

    @Override
    public List<AttachmentRecord> list() {
        return records.values().stream()
                .sorted(Comparator.comparing(AttachmentRecord::created))
                .toList();
    }

    @Override
    public void remove(AttachmentId id) {
        records.remove(id);
    }
}
