package io.podnet.dns.server;

import io.podnet.api.PodId;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Answers what is not ours. Calls come from the serving threads: none of them may block or take longer than a few
 * microseconds, and each query gets exactly one call of its sink, from any thread, within a bound of time. How many are
 * under way, in all and of one pod, is bounded here and nowhere else.
 */
public interface Forwarder extends AutoCloseable {
    /**
     * Takes a query for a name outside the cluster, or for the target of an alias that leads outside.
     *
     * @param query the query
     * @param sink where the answer goes
     */
    void forward(QueryContext query, ReplySink sink);

    /**
     * Takes a query for a name that a pod's resolver made by appending the first domain of its search list, and that does
     * not exist in the cluster: search completion on the server. Asked only where {@link #completes()}.
     *
     * @param query the query, with its pod
     * @param negative the answer of the index, complete: what to reply where no completion exists
     * @param sink where the answer goes
     */
    void complete(QueryContext query, byte[] negative, ReplySink sink);

    /**
     * Tells whether search lists are completed on the server.
     *
     * @return true where {@link #complete} does something
     */
    boolean completes();

    /**
     * Tells whether a client may expect names outside the cluster to be resolved: the RA bit.
     *
     * @param pod the client; empty for all that are no pods
     * @return the present answer at each call, without garbage; valid until the pod is forgotten
     */
    BooleanSupplier recursion(Optional<PodId> pod);

    /**
     * Forgets a pod that is served no more. Idempotent.
     *
     * @param pod the pod
     */
    void forgetPod(PodId pod);

    /** Ends: everything in flight is answered with SERVFAIL. Idempotent. */
    @Override
    void close();
}
