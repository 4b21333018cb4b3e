package io.podnet.iptables.sync;

import java.util.List;

/**
 * A service port's rules in a shared chain, before and after.
 *
 * @param before the old rules, in order
 * @param after the new rules, in order
 */
record RuleExchange(List<String> before, List<String> after) {
    boolean isEmpty() {
        return before.equals(after);
    }

    /** Whether single edits lead from one to the other: no rule twice, and what both have in the same order. */
    boolean keepsOrder() {
        return before.stream()
                        .filter(after::contains)
                        .toList()
                        .equals(after.stream().filter(before::contains).toList())
                && before.stream().distinct().count() == before.size()
                && after.stream().distinct().count() == after.size();
    }

    /**
     * Writes the edits.
     *
     * @param first the index of the first old rule, or where it would be
     * @return how many rules there are of this service port once the insertions are made
     */
    int writeTo(DispatchEdit edit, int first) {
        int passed = 0;
        int inserted = 0;
        for (String rule : after) {
            int there = before.indexOf(rule);
            if (there >= 0) {
                passed = there + 1;
            } else {
                edit.insert(first + passed + inserted, rule);
                inserted++;
            }
        }
        before.stream().filter(rule -> !after.contains(rule)).forEach(edit::delete);
        return before.size() + inserted;
    }
}
