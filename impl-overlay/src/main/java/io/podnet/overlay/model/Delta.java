package io.podnet.overlay.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rows to put and to drop; of several words about one key the last counts. Not thread-safe. */
public final class Delta {
    private final Map<Row.Key, Optional<Row>> changes = new LinkedHashMap<>();

    /** Makes one without changes. */
    public Delta() {}

    /**
     * Has a row put, in the place of any of its key.
     *
     * @param row the row
     * @return this
     */
    public Delta put(Row row) {
        changes.put(row.key(), Optional.of(row));
        return this;
    }

    /**
     * Has a row dropped.
     *
     * @param key its key
     * @return this
     */
    public Delta drop(Row.Key key) {
        changes.put(key, Optional.empty());
        return this;
    }

    /**
     * Adds later changes.
     *
     * @param later overrides what is here
     * @return this
     */
    public Delta add(Delta later) {
        changes.putAll(later.changes);
        return this;
    }

    /**
     * Tells whether there is anything to do.
     *
     * @return true where not
     */
    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /**
     * Counts the rows.
     *
     * @return how many keys are named
     */
    public int size() {
        return changes.size();
    }

    /**
     * Tells whether there is a word about a key.
     *
     * @param key the key
     * @return true where a row of the key is put or dropped
     */
    public boolean names(Row.Key key) {
        return changes.containsKey(key);
    }

    /**
     * Gives the rows to put.
     *
     * @return what others refer to first
     */
    public List<Row> puts() {
        List<Row> rows = new ArrayList<>();
        changes.values().forEach(row -> row.ifPresent(rows::add));
        rows.sort(Comparator.comparing(row -> row.key().kind()));
        return rows;
    }

    /**
     * Gives the rows to drop.
     *
     * @return what others refer to last
     */
    public List<Row.Key> drops() {
        List<Row.Key> keys = new ArrayList<>();
        changes.forEach((key, row) -> {
            if (row.isEmpty()) {
                keys.add(key);
            }
        });
        keys.sort(Comparator.comparing(Row.Key::kind).reversed());
        return keys;
    }
}
