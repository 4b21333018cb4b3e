package io.podnet.cni.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** What a process prints, up to a bound. Never waits: what is not there yet is taken the next time. For one thread. */
final class BoundedBytes {
    private final InputStream from;
    private final int most;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final byte[] buffer = new byte[8192];
    private boolean overflowed;

    BoundedBytes(InputStream from, int most) {
        this.from = from;
        this.most = most;
    }

    void drain() {
        try {
            while (from.available() > 0) {
                int read = from.read(buffer, 0, Math.min(buffer.length, from.available()));
                if (read <= 0) {
                    return;
                }
                int room = Math.min(read, most - kept.size());
                kept.write(buffer, 0, room);
                overflowed |= room < read;
            }
        } catch (IOException e) {
            // The pipe is gone with the process: what was kept is all there is.
            return;
        }
    }

    boolean overflowed() {
        return overflowed;
    }

    String text() {
        return kept.toString(StandardCharsets.UTF_8);
    }
}
