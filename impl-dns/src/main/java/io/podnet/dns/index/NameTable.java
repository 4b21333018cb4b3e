package io.podnet.dns.index;

import java.util.Arrays;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * An immutable hash table over octets. A change copies the pages that it touches and the array of pages, nothing else, so
 * that it costs the same with a thousand entries and with a hundred thousand; a look-up costs no garbage.
 *
 * @param <E> the entries
 */
final class NameTable<E extends NameTable.Entry> {
    /** What a table holds. */
    interface Entry {
        /** The octets that it is found by; never changed. */
        byte[] key();
    }

    private static final int ENTRIES_PER_PAGE = 4;
    private static final int FEWEST_PAGES = 16;
    private static final Page NO_ENTRIES = new Page(new int[0], new Entry[0]);

    /** Hashes stand together, so that a miss reads one line of memory. */
    private static final class Page {
        final int[] hashes;
        final Entry[] entries;

        Page(int[] hashes, Entry[] entries) {
            this.hashes = hashes;
            this.entries = entries;
        }
    }

    private final Page[] pages;
    private final int size;

    private NameTable(Page[] pages, int size) {
        this.pages = pages;
        this.size = size;
    }

    static <E extends Entry> NameTable<E> empty() {
        return new NameTable<>(noPages(FEWEST_PAGES), 0);
    }

    private static Page[] noPages(int count) {
        Page[] pages = new Page[count];
        Arrays.fill(pages, NO_ENTRIES);
        return pages;
    }

    int size() {
        return size;
    }

    private static int hash(byte[] octets, int from, int length) {
        int hash = length;
        for (int i = from; i < from + length; i++) {
            hash = hash * 31 + octets[i];
        }
        // The upper bits choose the page: mix the lower ones into them (Murmur3's finalizer).
        hash ^= hash >>> 16;
        hash *= 0x85eb_ca6b;
        hash ^= hash >>> 13;
        return hash;
    }

    /** Finds an entry by octets of an array. */
    @SuppressWarnings("unchecked")
    @Nullable
    E get(byte[] octets, int from, int length) {
        int hash = hash(octets, from, length);
        Page page = pages[hash & (pages.length - 1)];
        int[] hashes = page.hashes;
        for (int i = 0; i < hashes.length; i++) {
            if (hashes[i] == hash) {
                byte[] key = page.entries[i].key();
                if (Arrays.equals(key, 0, key.length, octets, from, from + length)) {
                    return (E) page.entries[i];
                }
            }
        }
        return null;
    }

    @Nullable
    E get(byte[] key) {
        return get(key, 0, key.length);
    }

    /** Makes a table with some entries put, replacing those of the same key, and some keys removed. */
    NameTable<E> change(Collection<? extends E> put, Collection<byte[]> removed) {
        if (put.isEmpty() && removed.isEmpty()) {
            return this;
        }
        int wanted = pages.length;
        while (wanted * ENTRIES_PER_PAGE < size + put.size()) {
            wanted *= 2;
        }
        Page[] next = wanted == pages.length ? pages.clone() : spread(wanted);
        int count = size;
        for (byte[] key : removed) {
            count += put(next, hash(key, 0, key.length), key, null);
        }
        for (Entry entry : put) {
            count += put(next, hash(entry.key(), 0, entry.key().length), entry.key(), entry);
        }
        return new NameTable<>(next, count);
    }

    private Page[] spread(int count) {
        Page[] next = noPages(count);
        for (Page page : pages) {
            for (int i = 0; i < page.hashes.length; i++) {
                put(next, page.hashes[i], page.entries[i].key(), page.entries[i]);
            }
        }
        return next;
    }

    /** Replaces a page by one with the entry put, or without it; gives by how much the table grew. */
    private static int put(Page[] pages, int hash, byte[] key, @Nullable Entry entry) {
        int at = hash & (pages.length - 1);
        Page page = pages[at];
        int found = -1;
        for (int i = 0; i < page.hashes.length && found < 0; i++) {
            found = page.hashes[i] == hash && Arrays.equals(page.entries[i].key(), key) ? i : -1;
        }
        if (entry == null && found < 0) {
            return 0;
        }
        int length = page.hashes.length;
        int[] hashes;
        Entry[] entries;
        if (entry == null) {
            hashes = Arrays.copyOf(page.hashes, length - 1);
            entries = Arrays.copyOf(page.entries, length - 1);
            if (found < length - 1) {
                hashes[found] = page.hashes[length - 1];
                entries[found] = page.entries[length - 1];
            }
        } else {
            int to = found < 0 ? length : found;
            hashes = Arrays.copyOf(page.hashes, Math.max(length, to + 1));
            entries = Arrays.copyOf(page.entries, Math.max(length, to + 1));
            hashes[to] = hash;
            entries[to] = entry;
        }
        pages[at] = new Page(hashes, entries);
        return entries.length - length;
    }
}
