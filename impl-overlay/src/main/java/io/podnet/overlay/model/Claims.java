package io.podnet.overlay.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who wants which row. Where several want one key, the newest has it; when that one goes, the next gets it. Not thread-safe.
 */
final class Claims {
    private final Map<Row.Key, List<Claim>> byKey = new HashMap<>();
    private final Map<String, List<Row>> byOwner = new HashMap<>();

    private record Claim(String owner, long token, Row row) {}

    /** Says all that an owner wants from now on; gives what changes. */
    Delta set(String owner, long token, List<Row> rows) {
        Set<Row.Key> touched = new HashSet<>();
        List<Row> former = byOwner.getOrDefault(owner, List.of());
        former.forEach(row -> touched.add(row.key()));
        rows.forEach(row -> touched.add(row.key()));
        Map<Row.Key, Optional<Row>> before = new HashMap<>();
        touched.forEach(key -> before.put(key, winner(key)));
        former.forEach(row -> forget(owner, row.key()));
        rows.forEach(row ->
                byKey.computeIfAbsent(row.key(), key -> new ArrayList<>(1)).add(new Claim(owner, token, row)));
        if (rows.isEmpty()) {
            byOwner.remove(owner);
        } else {
            byOwner.put(owner, List.copyOf(rows));
        }
        Delta delta = new Delta();
        before.forEach((key, was) -> {
            Optional<Row> now = winner(key);
            if (now.isEmpty()) {
                was.ifPresent(row -> delta.drop(key));
            } else if (!now.equals(was)) {
                delta.put(now.get());
            }
        });
        return delta;
    }

    private void forget(String owner, Row.Key key) {
        List<Claim> claims = byKey.get(key);
        if (claims != null) {
            claims.removeIf(claim -> claim.owner().equals(owner));
            if (claims.isEmpty()) {
                byKey.remove(key);
            }
        }
    }

    Optional<Row> winner(Row.Key key) {
        List<Claim> claims = byKey.getOrDefault(key, List.of());
        return claims.size() == 1
                ? Optional.of(claims.get(0).row())
                : claims.stream()
                        .max(Comparator.comparingLong(Claim::token).thenComparing(Claim::owner))
                        .map(Claim::row);
    }

    Stream<Row> rows() {
        return byKey.keySet().stream().flatMap(key -> winner(key).stream());
    }
}
