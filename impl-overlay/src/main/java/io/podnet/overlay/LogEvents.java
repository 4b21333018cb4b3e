package io.podnet.overlay;

import io.podnet.overlay.kernel.OverlayEvents;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes events to the log and keeps the last ones. Safe for any thread. */
final class LogEvents implements OverlayEvents {
    private static final Logger LOG = LoggerFactory.getLogger(OverlayPlugin.class);
    private static final int KEPT = 256;

    private final String node;
    private final Deque<String> last = new ArrayDeque<>();

    LogEvents(String node) {
        this.node = node;
    }

    @Override
    public void happened(Kind kind, String object, String detail) {
        synchronized (last) {
            last.addLast(kind + " " + object + ": " + detail);
            if (last.size() > KEPT) {
                last.removeFirst();
            }
        }
        LOG.atInfo()
                .addKeyValue("node", node)
                .addKeyValue("event", kind)
                .addKeyValue("object", object)
                .log("overlay: {}", detail);
    }

    List<String> last() {
        synchronized (last) {
            return List.copyOf(last);
        }
    }
}
