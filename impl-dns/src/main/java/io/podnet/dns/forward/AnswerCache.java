package io.podnet.dns.forward;

import io.podnet.dns.response.Image;
import io.podnet.dns.wire.ResponseCode;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers of upstream servers, bounded by the bytes that they take; what was not used for longest goes first. NXDOMAIN
 * is kept for a name, everything else for a name and a type (RFC 2308 section 5). Failures are remembered for a second,
 * then two, four and so on (RFC 9520 section 3.2). Safe for any thread.
 */
final class AnswerCache {
    private static final int SEGMENTS = 16;
    private static final int ENTRY_OVERHEAD = 256;
    private static final long SECOND = 1_000_000_000L;
    private static final int MOST_DOUBLINGS = 5;

    private final Segment[] segments = new Segment[SEGMENTS];
    private final long maxStale;

    AnswerCache(long bytes, Duration maxStale) {
        this.maxStale = maxStale.toNanos();
        for (int i = 0; i < SEGMENTS; i++) {
            segments[i] = new Segment(bytes / SEGMENTS);
        }
    }

    private static final class Entry {
        private @Nullable Image image;
        private long storedAt;
        private long failedUntil;
        private int failures;

        int weight(CacheKey key) {
            return ENTRY_OVERHEAD + key.weight() + (image == null ? 0 : image.weight());
        }
    }

    private static final class Segment {
        private final Map<CacheKey, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
        private final long most;
        private long weight;

        Segment(long most) {
            this.most = most;
        }

        @Nullable
        Entry get(CacheKey key) {
            return entries.get(key);
        }

        /** Takes an entry out; what is changed and put back is weighed anew. */
        Entry take(CacheKey key) {
            Entry entry = entries.remove(key);
            if (entry == null) {
                return new Entry();
            }
            weight -= entry.weight(key);
            return entry;
        }

        void put(CacheKey key, Entry entry) {
            weight += entry.weight(key);
            entries.put(key, entry);
            Iterator<Map.Entry<CacheKey, Entry>> eldest = entries.entrySet().iterator();
            while (weight > most && eldest.hasNext()) {
                Map.Entry<CacheKey, Entry> gone = eldest.next();
                weight -= gone.getValue().weight(gone.getKey());
                eldest.remove();
            }
        }
    }

    private Segment segment(CacheKey key) {
        int hash = key.hashCode();
        return segments[(hash ^ (hash >>> 16)) & (SEGMENTS - 1)];
    }

    Cached get(CacheKey key, long now) {
        Cached exact = getExact(key, now);
        if (exact.fresh()) {
            return exact;
        }
        Cached nameError = getExact(key.ofAllTypes(), now);
        if (nameError.fresh() || (exact.image() == null && nameError.image() != null)) {
            return new Cached(nameError.image(), nameError.age(), nameError.fresh(), exact.failed());
        }
        return exact;
    }

    private Cached getExact(CacheKey key, long now) {
        Segment segment = segment(key);
        synchronized (segment) {
            Entry entry = segment.get(key);
            if (entry == null) {
                return Cached.NOTHING;
            }
            boolean failed = entry.failures > 0 && entry.failedUntil - now > 0;
            Image image = entry.image;
            if (image == null) {
                return new Cached(null, 0, false, failed);
            }
            long age = now - entry.storedAt;
            boolean fresh = age < image.ttl() * SECOND;
            boolean usable = fresh || age < image.ttl() * SECOND + maxStale;
            return new Cached(usable ? image : null, (int) (age / SECOND), fresh, failed);
        }
    }

    /** Keeps an answer. Anything that failed before is forgotten. */
    void put(CacheKey key, Image image, long now) {
        boolean nameError = image.rcode() == ResponseCode.NXDOMAIN && !image.isAliased();
        // What is known of the name now replaces what was known before: that it has this, or that it does not exist.
        remove(nameError ? key : key.ofAllTypes());
        CacheKey where = nameError ? key.ofAllTypes() : key;
        if (image.ttl() == 0) {
            remove(where);
            return;
        }
        Segment segment = segment(where);
        synchronized (segment) {
            Entry entry = segment.take(where);
            entry.image = image;
            entry.storedAt = now;
            entry.failures = 0;
            segment.put(where, entry);
        }
    }

    private void remove(CacheKey key) {
        Segment segment = segment(key);
        synchronized (segment) {
            segment.take(key);
        }
    }

    /** Remembers that nobody had an answer. The last answer stays to fall back to. */
    void putFailure(CacheKey key, Duration atLeast, long now) {
        Segment segment = segment(key);
        synchronized (segment) {
            Entry entry = segment.take(key);
            long wait = SECOND << Math.min(entry.failures, MOST_DOUBLINGS);
            entry.failedUntil = now + Math.max(wait, atLeast.toNanos());
            entry.failures++;
            segment.put(key, entry);
        }
    }

    long weight() {
        long sum = 0;
        for (Segment segment : segments) {
            synchronized (segment) {
                sum += segment.weight;
            }
        }
        return sum;
    }
}
