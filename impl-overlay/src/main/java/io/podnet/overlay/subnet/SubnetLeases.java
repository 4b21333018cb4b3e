package io.podnet.overlay.subnet;

import io.podnet.api.Cidr;
import io.podnet.api.PodnetException;
import io.podnet.overlay.network.NetworkConfig;
import io.podnet.overlay.network.NetworkKeys;
import io.podnet.overlay.network.StoredJson;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.ClusterStore.Entry;
import io.podnet.spi.ClusterStore.Expect;
import io.podnet.spi.ClusterStore.WriteResult;
import io.podnet.spi.StoreKey;
import io.podnet.spi.StoreSession;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Leases subnets. A family's lease stands for itself: dual stack is two leases. Writes compare the revision, so that a subnet
 * is never overwritten that expired and was given to another node (flannel issue 1289). Safe for any thread.
 */
public final class SubnetLeases {
    private static final int TRIES = 100;

    private final ClusterStore store;
    private final NetworkKeys keys;
    private final String node;

    /**
     * Makes the leases of a node.
     *
     * @param store a linearizable store
     * @param keys the network's keys
     * @param node the node's name
     * @throws PodnetException.Unsupported where the store's reads may be stale
     */
    public SubnetLeases(ClusterStore store, NetworkKeys keys, String node) {
        if (store.consistency() != ClusterStore.Consistency.LINEARIZABLE) {
            throw new PodnetException.Unsupported("subnet leases need a store that is LINEARIZABLE, this one is "
                    + store.consistency() + "; with it, a subnet could be given twice");
        }
        this.store = store;
        this.keys = keys;
        this.node = node;
    }

    /**
     * Lists all leases.
     *
     * @return of all nodes and families
     */
    public List<SubnetLease> list() {
        return store.list(keys.subnets()).entries().stream()
                .map(SubnetLease::of)
                .toList();
    }

    /**
     * Leases a subnet: the one that the node has in the store already, else the one it had before, if that is free, else any
     * free one. After a lost session this is also the way to take the lease again; a node whose subnet went to another one gets
     * a different subnet, and must yield the former.
     *
     * @param range where from
     * @param session the node's session, to which the lease is bound unless it is reserved
     * @param before the subnet that the node had when it last ran
     * @return the lease
     * @throws PodnetException.PoolExhausted where no subnet is free
     * @throws PodnetException.Conflict where the session is lost, a later process of the node's name runs, or the cluster is
     *     configured otherwise
     * @throws PodnetException.TimedOut where the store does not answer
     */
    public SubnetLease acquire(SubnetRange range, StoreSession session, Optional<Cidr> before) {
        NetworkConfig.agree(
                store, keys, "subnets" + range.family(), range.network() + " in subnets of /" + range.subnetLength());
        for (int i = 0; i < TRIES; i++) {
            List<SubnetLease> all = list();
            Optional<SubnetLease> mine = all.stream()
                    .filter(lease -> lease.node().equals(node) && range.has(lease.subnet()))
                    .findFirst();
            Optional<SubnetLease> lease =
                    mine.isPresent() ? renew(mine.get(), session) : claimOne(range, all, session, before);
            if (lease.isPresent()) {
                return lease.get();
            }
        }
        throw new PodnetException.TimedOut("no subnet of " + range.network() + " could be leased in " + TRIES
                + " tries, others were faster each time; try again");
    }

    private Optional<SubnetLease> claimOne(
            SubnetRange range, List<SubnetLease> all, StoreSession session, Optional<Cidr> before) {
        List<Cidr> taken = all.stream().map(SubnetLease::subnet).toList();
        Optional<Cidr> again =
                before.filter(subnet -> range.has(subnet) && taken.stream().noneMatch(subnet::overlaps));
        if (again.isPresent()) {
            Optional<SubnetLease> lease = put(again.get(), Optional.empty(), false, session);
            if (lease.isPresent()) {
                return lease;
            }
        }
        Iterator<Cidr> candidates = range.candidates(node, taken).iterator();
        if (!candidates.hasNext()) {
            throw new PodnetException.PoolExhausted(
                    "subnets /" + range.subnetLength() + " of " + range.network(),
                    1L << (range.subnetLength() - range.network().prefixLength()),
                    taken.stream().filter(range::has).count(),
                    0);
        }
        return put(candidates.next(), Optional.empty(), false, session);
    }

    /** Takes a lease of this node's name with a newer session. */
    private Optional<SubnetLease> renew(SubnetLease lease, StoreSession session) {
        if (lease.token() > session.fencingToken()) {
            throw new PodnetException.Conflict("subnet " + lease.subnet() + " of node " + node
                    + " was taken by a later process of that name; each node needs a name of its own");
        }
        return lease.token() == session.fencingToken()
                ? Optional.of(lease)
                : put(lease.subnet(), Optional.of(lease.entry()), lease.reserved(), session);
    }

    private Optional<SubnetLease> put(Cidr subnet, Optional<Entry> before, boolean reserved, StoreSession session) {
        StoreKey key = keys.subnets().child(StoreKey.segmentOf(subnet));
        String text = SubnetLease.write(
                before.map(entry -> StoredJson.of(entry).object()).orElseGet(StoredJson::empty),
                node,
                session.fencingToken(),
                reserved);
        WriteResult result = reserved && session.alive()
                ? store.put(key, text, Expect.of(before))
                : store.put(key, text, Expect.of(before), session);
        if (result instanceof WriteResult.Fenced) {
            throw new PodnetException.Conflict("the session of node " + node + " is lost, so it cannot lease subnet "
                    + subnet + "; open another session and acquire again");
        }
        return result instanceof WriteResult.Applied applied
                ? Optional.of(SubnetLease.of(new Entry(key, text, applied.revision())))
                : Optional.empty();
    }

    /**
     * Makes a lease outlast the node's session, or undoes that.
     *
     * @param lease a lease of this node, as it was last seen
     * @param reserved whether it shall stay
     * @param session the node's session
     * @return the changed lease, empty where it is another's by now
     */
    public Optional<SubnetLease> reserve(SubnetLease lease, boolean reserved, StoreSession session) {
        return put(lease.subnet(), Optional.of(lease.entry()), reserved, session);
    }

    /**
     * Gives a subnet back.
     *
     * @param lease as it was last seen
     * @return false where it was another's by then; nothing was changed
     */
    public boolean release(SubnetLease lease) {
        return store.delete(lease.entry().key(), Expect.of(lease.entry())).applied();
    }
}
