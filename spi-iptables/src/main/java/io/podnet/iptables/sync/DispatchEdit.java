package io.podnet.iptables.sync;

import java.util.ArrayList;
import java.util.List;

/**
 * Changes of single rules in a shared chain: insertions first, each at an index that counts the old rules and those
 * inserted before it, then deletions. Afterwards the order is that of the services, whatever the way was.
 */
final class DispatchEdit {
    private final List<Insertion> insertions = new ArrayList<>();
    private final List<String> deletions = new ArrayList<>();

    /**
     * A new rule.
     *
     * @param index where it goes, counted from 1
     * @param rule the rule
     */
    record Insertion(int index, String rule) {}

    void insert(int index, String rule) {
        insertions.add(new Insertion(index, rule));
    }

    void delete(String rule) {
        deletions.add(rule);
    }

    List<Insertion> insertions() {
        return insertions;
    }

    List<String> deletions() {
        return deletions;
    }

    int size() {
        return insertions.size() + deletions.size();
    }
}
