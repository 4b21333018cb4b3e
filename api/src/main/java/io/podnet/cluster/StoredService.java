package io.podnet.cluster;

import io.podnet.allocation.Allocation;
import io.podnet.api.ServiceId;
import io.podnet.endpoints.SelectedService;
import io.podnet.spi.StoreKey;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A service as the store has it.
 *
 * @param id the service
 * @param selected the service with all it has; empty as long as it has nothing yet
 * @param owners the nodes whose users want it; it goes with the last one
 * @param pending what is being claimed for it: the record before the claims, so that none is ever lost
 */
record StoredService(ServiceId id, Optional<SelectedService> selected, Set<String> owners, Allocation pending) {
    StoredService {
        owners = Set.copyOf(owners);
    }

    static StoredService none(ServiceId id) {
        return new StoredService(id, Optional.empty(), Set.of(), Allocation.none(id));
    }

    Allocation has() {
        return selected.map(there -> Allocation.of(there.service())).orElse(Allocation.none(id));
    }

    StoredService wanting(Allocation claims, String owner) {
        return new StoredService(id, selected, with(owner), claims);
    }

    StoredService having(SelectedService now, String owner) {
        return new StoredService(id, Optional.of(now), with(owner), Allocation.none(id));
    }

    StoredService wantingNothing() {
        return new StoredService(id, selected, owners, Allocation.none(id));
    }

    StoredService without(String owner) {
        Set<String> rest = new TreeSet<>(owners);
        rest.remove(owner);
        return new StoredService(id, selected, rest, pending);
    }

    private Set<String> with(String owner) {
        Set<String> all = new TreeSet<>(owners);
        all.add(owner);
        return all;
    }

    /** The keys of all that it has or is claiming: whose key is not among them holds it no more. */
    Set<StoreKey> claims() {
        Set<StoreKey> all = claims(has());
        all.addAll(claims(pending));
        return all;
    }

    static Set<StoreKey> claims(Allocation allocation) {
        Set<StoreKey> keys = new HashSet<>();
        allocation.clusterIps().forEach(ip -> keys.add(ClusterKeys.clusterIp(ip)));
        allocation.numbers().forEach(number -> keys.add(ClusterKeys.nodePort(number)));
        return keys;
    }
}
