package io.podnet.cluster;

import io.podnet.allocation.AllocationPlanner;
import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.api.ServiceId;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.ClusterStore.Entry;
import io.podnet.spi.ClusterStore.Expect;
import io.podnet.spi.ClusterStore.WriteResult;
import io.podnet.spi.StoreKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who holds which cluster IP and which number, one key for each. A key counts as long as its service's entry names what it
 * stands for; one that does not is left over from a writer that died or was overtaken, and is anybody's: the entry names it
 * before the key is written, and a writer whose entry has changed since can make nothing of it any more. So nothing leaks, and
 * no clock decides. Knows what it has met so far; for one allocation, on one thread.
 */
final class Claims implements AllocationPlanner.Holders {
    private static final int TRIES = 100;

    private final ClusterStore store;
    private final Map<StoreKey, ServiceId> met = new HashMap<>();

    Claims(ClusterStore store) {
        this.store = store;
    }

    @Override
    public @Nullable ServiceId of(IpAddress ip) {
        return met.get(ClusterKeys.clusterIp(ip));
    }

    @Override
    public @Nullable ServiceId of(int number) {
        return met.get(ClusterKeys.nodePort(number));
    }

    /** How many others' claims are known. */
    int size() {
        return met.size();
    }

    /** Claims a key for a service, whose entry names it already; false where another service holds it, which is known then. */
    boolean claim(StoreKey key, ServiceId service) {
        Optional<Entry> current = Optional.empty();
        for (int i = 0; i < TRIES; i++) {
            WriteResult result = store.put(key, service.toString(), Expect.of(current));
            if (!(result instanceof WriteResult.Refused refused)) {
                return true;
            }
            current = refused.current();
            if (current.isPresent()) {
                ServiceId holder = holder(current.get());
                // One of the service's own is written again, so that nobody who thinks it left over can delete it.
                if (!holder.equals(service) && counts(current.get(), holder)) {
                    met.put(key, holder);
                    return false;
                }
            }
        }
        throw new PodnetException.TimedOut("store entry " + key + " changed " + TRIES
                + " times while it was claimed for service " + service + "; try again");
    }

    /** Gives back what is left over of keys; what counts stays. */
    void release(Collection<StoreKey> keys) {
        for (StoreKey key : keys) {
            Optional<Entry> entry = store.get(key);
            if (entry.isPresent() && !counts(entry.get(), holder(entry.get()))) {
                store.delete(key, Expect.of(entry.get()));
            }
        }
    }

    /** Learns of all claims there are, and gives back what is left over. */
    void learnAll() {
        List<Entry> claims = new ArrayList<>(store.list(ClusterKeys.CLUSTER_IPS).entries());
        claims.addAll(store.list(ClusterKeys.NODE_PORTS).entries());
        // Read after the claims were.
        Map<ServiceId, Set<StoreKey>> counting = new HashMap<>();
        for (Entry entry : store.list(ClusterKeys.SERVICE).entries()) {
            StoredService service = ServiceText.read(entry);
            counting.put(service.id(), service.claims());
        }
        for (Entry claim : claims) {
            ServiceId holder = holder(claim);
            if (counting.getOrDefault(holder, Set.of()).contains(claim.key())) {
                met.put(claim.key(), holder);
            } else {
                store.delete(claim.key(), Expect.of(claim));
            }
        }
    }

    private boolean counts(Entry claim, ServiceId holder) {
        // Read after the claim was.
        return store.get(ClusterKeys.service(holder))
                .filter(entry -> ServiceText.read(entry).claims().contains(claim.key()))
                .isPresent();
    }

    private static ServiceId holder(Entry claim) {
        String[] parts = claim.value().split("/", -1);
        if (parts.length != 2) {
            throw new PodnetException.StateFailure(
                    "store entry " + claim.key() + " names no service: '" + claim.value() + "'", null);
        }
        return new ServiceId(parts[0], parts[1]);
    }
}
