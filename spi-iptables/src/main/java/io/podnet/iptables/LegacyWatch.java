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
 * most a hundredth of the time goes there.
 */
final class LegacyWatch implements RuleWatch {
    private static final List<String> TABLES = List.of("nat", "filter");
    private static final long LEAST_NANOS = Duration.ofSeconds(3).toNanos();
    private static final int PATIENCE = 100;

    private final LegacyTables tables;
    private final IpFamily family;
    private final LongSupplier nanoTime;
    private List<Optional<TableInfo>> outlines = List.of();
    private List<OptionalLong> contents = List.of();
    private long nextContents;
    private boolean suspect;

    LegacyWatch(LegacyTables tables, IpFamily family, LongSupplier nanoTime) {
        this.tables = tables;
        this.family = family;
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized boolean isSuspect() {
        if (!suspect) {
            suspect = !outlines().equals(outlines) || (nanoTime.getAsLong() >= nextContents && otherContents());
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
        return !before.isEmpty() && !before.equals(contents);
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
        // Read again at leisure: what the comparison sees is not older.
        contents = List.of();
        nextContents = nanoTime.getAsLong() + LEAST_NANOS / 3;
        suspect = false;
    }

    @Override
    public void whileWriting(Runnable write) {
        boolean before = isSuspect();
        write.run();
        synchronized (this) {
            looked();
            suspect = before;
        }
    }
}
