package io.podnet.dns.forward;

import io.podnet.dns.response.DomainName;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Finds what belongs to the longest zone that a name lies in. Not changed once it is in use; then safe for any thread. */
final class ZoneMap<T> {
    private final Map<DomainName, T> zones = new HashMap<>();
    private int mostLabels;

    void put(DomainName zone, T value) {
        zones.put(zone, value);
        mostLabels = Math.max(mostLabels, zone.labels());
    }

    /** A name of many labels costs no more than one of as many as the longest zone has. */
    Optional<T> find(DomainName name) {
        DomainName zone = name.last(Math.min(name.labels(), mostLabels));
        for (int labels = zone.labels(); labels >= 0; labels--) {
            T value = zones.get(zone);
            if (value != null) {
                return Optional.of(value);
            }
            zone = zone.parent();
        }
        return Optional.empty();
    }
}
