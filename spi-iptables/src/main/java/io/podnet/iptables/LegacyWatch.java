package io.podnet.iptables;

import io.podnet.api.IpFamily;
import io.podnet.netlink.xtables.LegacyTables;
import io.podnet.netlink.xtables.TableInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Looks at the legacy tables' outlines, which cost microseconds, and now and then at their contents, which cost a copy: at
 * most a twentieth of a processor's time goes there. Contents are known from a comparison on. A while after each write
 * there is one, since a change that somebody made during the write shows in no outline.
 */
final class LegacyWatch implements RuleWatch {
    private static final List<String> TABLES = List.of("nat", "filter");
    private static final long LEAST_NANOS = Duration.ofSeconds(2).toNanos();
    private static final long SOON_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int PATIENCE = 20;
    // A comparison takes about as long as two writes.
    private static final int PATIENCE_AFTER_WRITE = 40;

    private final LegacyTables tables;
    private final IpFamily family;
    private final LongSupplier nanoTime;
    private List<Optional<TableInfo>> outlines = List.of();
    private List<OptionalLong> contents = List.of();
    private long nextContents;
    private OptionalLong doubtFrom = OptionalLong.empty();
    private boolean suspect;

    LegacyWatch(LegacyTables tables, IpFamily family, LongSupplier nanoTime) {
        this.tables = tables;
        this.family = family;
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized boolean isSuspect() {
        if (!suspect) {
            long now = nanoTime.getAsLong();
            suspect = !outlines().equals(outlines)
                    || (doubtFrom.isPresent() && now - doubtFrom.getAsLong() >= 0)
                    || (!contents.isEmpty() && now - nextContents >= 0 && otherContents());
        }
        return suspect;
    }

    private List<Optional<TableInfo>> outlines() {
        List<Optional<TableInfo>> all = new ArrayList<>();
        TABLES.forEach(table -> all.add(tables.info(family, table)));
        return all;
    }

    private boolean otherContents() {
        List<OptionalLong> before = contents;
        readContents();
        return !before.equals(contents);
    }

    private void readContents() {
        long begin = nanoTime.getAsLong();
        List<OptionalLong> all = new ArrayList<>();
        TABLES.forEach(table -> all.add(tables.fingerprint(family, table)));
        contents = all;
        long end = nanoTime.getAsLong();
        nextContents = end + Math.max(LEAST_NANOS, PATIENCE * (end - begin));
    }

    @Override
    public synchronized void looked() {
        outlines = outlines();
        // Before the comparison, so that what it sees is not older.
        readContents();
        doubtFrom = OptionalLong.empty();
        suspect = false;
    }

    @Override
    public void started(long processId) {
        // The kernel does not tell who changed a legacy table.
    }

    @Override
    public void whileWriting(Runnable write) {
        boolean before = isSuspect();
        long begin = nanoTime.getAsLong();
        write.run();
        long end = nanoTime.getAsLong();
        synchronized (this) {
            outlines = outlines();
            contents = List.of();
            suspect = before;
            if (doubtFrom.isEmpty()) {
                doubtFrom = OptionalLong.of(end + Math.max(SOON_NANOS, PATIENCE_AFTER_WRITE * (end - begin)));
            }
        }
    }
}
