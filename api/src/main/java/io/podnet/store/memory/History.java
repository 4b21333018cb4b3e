package io.podnet.store.memory;

import io.podnet.spi.ClusterStore.Change;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The last changes. Older ones are forgotten, as etcd's compaction does. Not safe for threads. */
final class History {
    private final int limit;
    private final Deque<Change> changes = new ArrayDeque<>();
    private long forgotten;

    History(int limit) {
        this.limit = limit;
    }

    void add(Change change) {
        changes.addLast(change);
        if (changes.size() > limit) {
            forgotten = changes.removeFirst().revision();
        }
    }

    void compact() {
        if (!changes.isEmpty()) {
            forgotten = changes.getLast().revision();
            changes.clear();
        }
    }

    /** Gives what came after a revision, empty where some of it is forgotten. */
    Optional<List<Change>> after(long revision) {
        if (revision < forgotten) {
            return Optional.empty();
        }
        List<Change> later = new ArrayList<>();
        changes.forEach(change -> {
            if (change.revision() > revision) {
                later.add(change);
            }
        });
        return Optional.of(later);
    }
}
