package io.podnet.api;

import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.AttachmentStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Records of attachments as files of mode 0600, one for each, replaced by write, fsync and rename. Safe for any thread and
 * for several processes; the caller serialises one attachment.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class FileAttachmentStore implements AttachmentStore {
    // '@' is in no CNI id, so the first one in the name ends the sandbox id.
    private static final char SEPARATOR = '@';

    private final RecordFiles files;

    /**
     * Uses a directory that other processes may use too.
     *
     * @param directory where the records are, mode 0700; it exists
     */
    public FileAttachmentStore(Path directory) {
        this(new RecordFiles(directory));
    }

    private FileAttachmentStore(RecordFiles files) {
        this.files = files;
    }

    /** Opens the store for its only writer, without what an earlier one left half written. */
    static FileAttachmentStore open(Path directory) {
        return new FileAttachmentStore(RecordFiles.open(directory));
    }

    private static String name(AttachmentId id) {
        return id.sandboxId() + SEPARATOR + id.ifName();
    }

    @Override
    public void write(AttachmentRecord record) {
        files.replace(name(record.id()), RecordText.write(record));
    }

    @Override
    public Optional<AttachmentRecord> read(AttachmentId id) {
        return read(name(id));
    }

    private Optional<AttachmentRecord> read(String name) {
        return files.read(name).map(text -> RecordText.read(files.file(name), text));
    }

    @Override
    public List<AttachmentRecord> list() {
        List<AttachmentRecord> records = new ArrayList<>();
        files.names().forEach(name -> read(name).ifPresent(records::add));
        records.sort(Comparator.comparing(AttachmentRecord::created)
                .thenComparing(record -> record.id().sandboxId()));
        return records;
    }

    @Override
    public void remove(AttachmentId id) {
        files.remove(name(id));
    }
}
