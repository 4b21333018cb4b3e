package io.podnet.bridge.ipam;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An address file's content on disk, before any address is chosen. Made once, outside the lock where possible, since
 * its fsync is the slow part. All of a holder's addresses become names of this one file.
 */
final class Staged implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Staged.class);

    private final LeaseDirectory directory;
    private final Holder holder;
    private @Nullable Path file;
    private boolean complete;

    Staged(LeaseDirectory directory, Holder holder) {
        this.directory = directory;
        this.holder = holder;
    }

    Path file() throws IOException {
        Path made = file;
        if (made != null && complete) {
            return made;
        }
        Path fresh = directory.newStaged();
        file = fresh;
        directory.stage(fresh, holder);
        complete = true;
        return fresh;
    }

    @Override
    public void close() {
        try {
            if (file != null) {
                directory.unstage(file);
            }
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("file", file).setCause(e).log("staged address file stays until the next start");
        }
    }
}
