package io.podnet.cluster;

import io.podnet.allocation.Allocation;
import io.podnet.allocation.AllocationPlanner;
import io.podnet.api.EndpointSlice;
import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import io.podnet.api.Service;
import io.podnet.api.ServiceId;
import io.podnet.api.ServiceSpec;
import io.podnet.endpoints.SelectedService;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.ClusterStore.Change;
import io.podnet.spi.ClusterStore.Entry;
import io.podnet.spi.ClusterStore.Expect;
import io.podnet.spi.ClusterStore.WriteResult;
import io.podnet.spi.ServiceAllocator.Allocated;
import io.podnet.spi.ServiceChanges.SliceId;
import io.podnet.spi.StoreKey;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Writes the services and hand-made slices that somebody wants into the store, with cluster IPs and node ports that nobody else
 * in the cluster has. What was written is told at once, so that the writer need not wait for a watch. Safe for any thread; calls
 * on one service may come from several nodes at a time.
 */
public final class ClusterServices {
    private static final int TRIES = 100;
    // As many guesses are cheaper than reading all claims, until the range is crowded.
    private static final int GUESSES = 3;

    private final ClusterStore store;
    private final NodeSession session;
    private final AllocationPlanner planner;
    private final Consumer<Change> written;

    /**
     * Makes a writer.
     *
     * @param store the store
     * @param session this node's
     * @param planner decides what services get
     * @param written told each write of a service or slice, from the writer's thread
     */
    public ClusterServices(
            ClusterStore store, NodeSession session, AllocationPlanner planner, Consumer<Change> written) {
        this.store = store;
        this.session = session;
        this.planner = planner;
        this.written = written;
    }

    /**
     * Makes or changes a service for this node's users.
     *
     * @param spec the service
     * @return the service with what it got
     * @throws PodnetException.Invalid where it asks for what it cannot have; nothing is changed
     * @throws PodnetException.Conflict where it asks for what another service has; nothing is changed
     * @throws PodnetException.LimitReached where nothing is free; nothing is changed
     * @throws PodnetException.TimedOut where the store does not answer; it may have been made
     */
    public Service apply(ServiceSpec spec) {
        List<IpFamily> families = planner.families(spec);
        StoreKey key = ClusterKeys.service(spec.id());
        Claims claims = new Claims(store);
        Set<StoreKey> tried = new HashSet<>();
        for (int i = 0; i < TRIES; i++) {
            Optional<Entry> entry = store.get(key);
            StoredService there = entry.map(ServiceText::read).orElse(StoredService.none(spec.id()));
            if (claims.size() >= GUESSES) {
                claims.learnAll();
            }
            Allocation has = there.has();
            Allocation shall;
            try {
                shall = planner.plan(spec, families, has, claims);
            } catch (PodnetException e) {
                abandon(entry, there);
                claims.release(tried);
                throw e;
            }
            SelectedService selected = new SelectedService(AllocationPlanner.filled(spec.service(), shall), families);
            StoredService made = there.having(selected, session.node());
            if (made.equals(there)) {
                return selected.service();
            }
            Set<StoreKey> lacking = StoredService.claims(shall);
            lacking.removeAll(StoredService.claims(has));
            Optional<Expect> expect = lacking.isEmpty()
                    ? Optional.of(Expect.of(entry))
                    : intend(key, there.wanting(shall, session.node()), entry);
            if (expect.isEmpty()) {
                continue;
            }
            tried.addAll(lacking);
            if (!claimAll(lacking, spec.id(), claims)) {
                continue;
            }
            WriteResult result = store.put(key, ServiceText.write(made), expect.get());
            if (result instanceof WriteResult.Applied applied) {
                tell(key, ServiceText.write(made), applied);
                tried.addAll(there.claims());
                tried.removeAll(made.claims());
                claims.release(tried);
                return selected.service();
            }
        }
        throw tooMany(key);
    }

    /** Writes down what will be claimed. A service that has nothing yet is forgotten with its node, should that die now. */
    private Optional<Expect> intend(StoreKey key, StoredService intent, Optional<Entry> entry) {
        String text = ServiceText.write(intent);
        WriteResult result = intent.selected().isPresent()
                ? store.put(key, text, Expect.of(entry))
                : store.put(key, text, Expect.of(entry), session.get());
        return result instanceof WriteResult.Applied applied
                ? Optional.of(new Expect(applied.revision()))
                : Optional.empty();
    }

    private static boolean claimAll(Set<StoreKey> keys, ServiceId service, Claims claims) {
        // Without stopping at the first that is taken: the more is known, the fewer rounds there are.
        boolean all = true;
        for (StoreKey key : keys) {
            all &= claims.claim(key, service);
        }
        return all;
    }

    /** Takes back what an earlier round of this call, or one that died, wrote down as wanted. */
    private void abandon(Optional<Entry> entry, StoredService there) {
        if (entry.isEmpty() || there.pending().isEmpty()) {
            return;
        }
        WriteResult result = there.selected().isPresent()
                ? store.put(entry.get().key(), ServiceText.write(there.wantingNothing()), Expect.of(entry))
                : store.delete(entry.get().key(), Expect.of(entry.get()));
        if (result.applied()) {
            new Claims(store).release(StoredService.claims(there.pending()));
        }
    }

    /**
     * Tells what {@link #apply} would give.
     *
     * @param spec the service
     * @return the service with what it would get
     */
    public Allocated preview(ServiceSpec spec) {
        List<IpFamily> families = planner.families(spec);
        StoredService there =
                store.get(ClusterKeys.service(spec.id())).map(ServiceText::read).orElse(StoredService.none(spec.id()));
        Claims claims = new Claims(store);
        claims.learnAll();
        Allocation shall = planner.plan(spec, families, there.has(), claims);
        return new Allocated(AllocationPlanner.filled(spec.service(), shall), families);
    }

    /**
     * Removes a service, whoever wants it. Idempotent.
     *
     * @param service the service
     * @return false where there was none
     */
    public boolean remove(ServiceId service) {
        StoreKey key = ClusterKeys.service(service);
        for (int i = 0; i < TRIES; i++) {
            Optional<Entry> entry = store.get(key);
            if (entry.isEmpty()) {
                return false;
            }
            if (delete(entry.get())) {
                return true;
            }
        }
        throw tooMany(key);
    }

    private boolean delete(Entry entry) {
        StoredService there = ServiceText.read(entry);
        WriteResult result = store.delete(entry.key(), Expect.of(entry));
        if (result instanceof WriteResult.Applied applied) {
            written.accept(new Change.Removed(entry.key(), applied.revision()));
            new Claims(store).release(there.claims());
        }
        return result.applied();
    }

    /**
     * Withdraws this node's users' wish for all services but some. A service goes when nobody wants it any more.
     *
     * @param wanted those that stay
     */
    public void keepOnly(Set<ServiceId> wanted) {
        for (Entry entry : store.list(ClusterKeys.SERVICE).entries()) {
            StoredService there = ServiceText.read(entry);
            if (there.owners().contains(session.node()) && !wanted.contains(there.id())) {
                disown(there.id());
            }
        }
    }

    private void disown(ServiceId service) {
        StoreKey key = ClusterKeys.service(service);
        for (int i = 0; i < TRIES; i++) {
            Optional<Entry> entry = store.get(key);
            if (entry.isEmpty()) {
                return;
            }
            StoredService rest = ServiceText.read(entry.get()).without(session.node());
            if (rest.owners().isEmpty()) {
                if (delete(entry.get())) {
                    return;
                }
            } else {
                WriteResult result = store.put(key, ServiceText.write(rest), Expect.of(entry));
                if (result instanceof WriteResult.Applied applied) {
                    tell(key, ServiceText.write(rest), applied);
                    return;
                }
            }
        }
        throw tooMany(key);
    }

    /**
     * Makes or changes a slice by hand, for this node's users.
     *
     * @param slice the slice
     * @throws PodnetException.Invalid where it is too large for one entry, or a name in it is none
     */
    public void apply(EndpointSlice slice) {
        StoreKey key = ClusterKeys.slice(new SliceId(slice.service(), slice.name()));
        String text = SliceText.write(slice, session.node());
        Optional<Entry> entry = store.get(key);
        for (int i = 0; i < TRIES; i++) {
            if (entry.map(Entry::value).equals(Optional.of(text))) {
                return;
            }
            WriteResult result = store.put(key, text, Expect.of(entry));
            if (result instanceof WriteResult.Applied applied) {
                tell(key, text, applied);
                return;
            }
            entry = result instanceof WriteResult.Refused refused ? refused.current() : store.get(key);
        }
        throw tooMany(key);
    }

    /**
     * Removes a slice that was made by hand. Idempotent.
     *
     * @param slice the slice
     * @return false where there was none
     */
    public boolean remove(SliceId slice) {
        StoreKey key = ClusterKeys.slice(slice);
        for (int i = 0; i < TRIES; i++) {
            Optional<Entry> entry = store.get(key);
            if (entry.isEmpty()) {
                return false;
            }
            if (store.delete(key, Expect.of(entry)) instanceof WriteResult.Applied applied) {
                written.accept(new Change.Removed(key, applied.revision()));
                return true;
            }
        }
        throw tooMany(key);
    }

    /**
     * Removes all slices that this node's users made by hand but some.
     *
     * @param wanted those that stay
     */
    public void keepOnlySlices(Set<SliceId> wanted) {
        for (Entry entry : store.list(ClusterKeys.SLICE).entries()) {
            SliceText.Owned there = SliceText.read(entry);
            SliceId id = new SliceId(there.slice().service(), there.slice().name());
            if (there.owner().equals(session.node()) && !wanted.contains(id)) {
                remove(id);
            }
        }
    }

    private void tell(StoreKey key, String text, WriteResult.Applied applied) {
        written.accept(new Change.Put(new Entry(key, text, applied.revision())));
    }

    private static PodnetException tooMany(StoreKey key) {
        return new PodnetException.TimedOut(
                "store entry " + key + " changed " + TRIES + " times while it was written; try again");
    }
}
