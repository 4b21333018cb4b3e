package io.podnet.spi;

import io.podnet.api.API;
import io.podnet.api.AttachmentId;
import java.util.List;
import java.util.Optional;

/** The records of all attachments of a node. Safe for any thread. */
@API(status = API.Status.STABLE, since = "0.1")
public interface AttachmentStore {
    /**
     * Writes a record, replacing an older one of the same id. When this returns, the record survives a crash.
     *
     * @param record the record
     * @throws io.podnet.api.PodnetException.StateFailure where it cannot be made durable; the older one is intact then
     */
    void write(AttachmentRecord record);

    /**
     * Reads a record.
     *
     * @param id the attachment
     * @return the record, empty where there is none
     */
    Optional<AttachmentRecord> read(AttachmentId id);

    /**
     * Reads all records.
     *
     * @return the records, oldest first
     */
    List<AttachmentRecord> list();

    /**
     * Removes a record; removing an absent one is no error.
     *
     * @param id the attachment
     */
    void remove(AttachmentId id);
}
