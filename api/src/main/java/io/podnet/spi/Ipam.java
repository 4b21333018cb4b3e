package io.podnet.spi;

import io.podnet.api.API;
import io.podnet.api.AttachmentId;
import io.podnet.api.Condition;
import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Hands addresses out. An owner gets an address of each range set, all or none. A lease is durable before it is
 * returned, so that no crash hands an address out twice. Safe for any thread; several processes may share one state
 * directory. Cost does not grow with the number of leases.
 */
@API(status = API.Status.STABLE, since = "0.1")
public interface Ipam extends AutoCloseable {
    /**
     * One address of a lease.
     *
     * @param address the address with its subnet's prefix length
     * @param gateway the subnet's gateway, empty for none
     */
    record Assignment(InterfaceAddress address, Optional<IpAddress> gateway) {
        public Assignment {
            Objects.requireNonNull(address, "address");
            Objects.requireNonNull(gateway, "gateway");
        }
    }

    /**
     * All addresses of one owner.
     *
     * @param owner the attachment
     * @param assignments one for each range set, IPv4 first
     * @param committed false between {@link #reserve} and {@link #commit}
     */
    record Lease(AttachmentId owner, List<Assignment> assignments, boolean committed) {
        public Lease {
            Objects.requireNonNull(owner, "owner");
            assignments = List.copyOf(assignments);
        }
    }

    /**
     * How full the pool is.
     *
     * @param condition whether addresses can be handed out
     * @param capacity addresses that could ever be handed out, of the scarcest range set
     * @param allocated addresses of that set that are leased
     * @param coolingDown addresses of that set that were released and wait before reuse
     */
    record Fill(Condition condition, long capacity, long allocated, long coolingDown) {}

    /**
     * Reserves addresses. Calling again for the same owner returns the same lease. An uncommitted lease is freed by the
     * next start, unless its owner is in the valid set of a {@link #gc} before that.
     *
     * @param owner the attachment
     * @param requested addresses that must be given, at most one of a family; other sets choose freely
     * @return the lease
     * @throws io.podnet.api.PodnetException.PoolExhausted where a set has no free address; nothing is reserved then
     * @throws io.podnet.api.PodnetException.Conflict where a requested address is taken
     * @throws io.podnet.api.PodnetException.Invalid where a requested address is in no range, or excluded
     */
    Lease reserve(AttachmentId owner, List<IpAddress> requested);

    /**
     * Makes a reservation permanent. Idempotent.
     *
     * @param owner the attachment
     * @throws io.podnet.api.PodnetException.NotFound where it has no lease
     */
    void commit(AttachmentId owner);

    /**
     * Reserves and commits in one step, for an owner that is on record already: whoever finds the record after a crash
     * releases the lease, so it need not be told apart from one that is in use. Calling again for the same owner returns
     * the same lease.
     *
     * @param owner the attachment
     * @param requested as for {@link #reserve}
     * @return the lease, committed
     * @throws io.podnet.api.PodnetException as {@link #reserve} and {@link #commit}; after a failure to commit the lease
     *     is there and uncommitted
     */
    default Lease assign(AttachmentId owner, List<IpAddress> requested) {
        Lease reserved = reserve(owner, requested);
        if (!reserved.committed()) {
            commit(owner);
        }
        return new Lease(owner, reserved.assignments(), true);
    }

    /**
     * Gives an owner's addresses back. They cool down before they are handed out again. Idempotent.
     *
     * @param owner the attachment
     * @return the addresses that were released; empty where it had none
     */
    List<IpAddress> release(AttachmentId owner);

    /**
     * Finds an owner's lease.
     *
     * @param owner the attachment
     * @return the lease, empty where it has none
     */
    Optional<Lease> lease(AttachmentId owner);

    /**
     * Lists all leases.
     *
     * @return the leases, in no order
     */
    List<Lease> list();

    /**
     * Tells what {@link #reserve} would give now, without giving it.
     *
     * @param requested as for {@link #reserve}
     * @return an assignment for each range set, IPv4 first
     * @throws io.podnet.api.PodnetException as {@link #reserve}, where it would
     */
    List<Assignment> preview(List<IpAddress> requested);

    /**
     * Releases every lease whose owner is not valid. An empty set releases everything.
     *
     * @param valid all owners that keep their leases
     * @return the owners whose leases were released
     */
    Set<AttachmentId> gc(Set<AttachmentId> valid);

    /**
     * Tells how full the pool is.
     *
     * @return condition and figures
     */
    Fill status();

    /** Releases handles of this process. Leases stay. Idempotent. */
    @Override
    void close();
}
