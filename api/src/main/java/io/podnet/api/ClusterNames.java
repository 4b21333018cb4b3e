package io.podnet.api;

import io.podnet.spi.NameResolver;
import io.podnet.spi.NameResolver.Answer;
import io.podnet.spi.NameResolver.Explanation;
import io.podnet.spi.NameResolver.ForwardPolicy;
import io.podnet.spi.NameResolver.QueryListener;
import io.podnet.spi.NameResolver.StaticRecord;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/**
 * The names that a node answers: those of services, endpoints and pods, which follow {@link Services} and the pods by
 * themselves, records of the host's own, and names outside, which are asked of others. What is set here is the caller's to
 * keep: nothing of it is written down.
 *
 * <p>Safe for any thread. Every call is {@link PodnetException.Unsupported} where the node has no name resolver.
 */
@API(status = API.Status.STABLE, since = "0.1")
public final class ClusterNames {
    private final NodeNames names;

    ClusterNames(NodeNames names) {
        this.names = names;
    }

    private NameResolver resolver() {
        return names.resolver();
    }

    /**
     * Looks a name up without a packet: what the cluster says, or the servers that are asked for other names.
     *
     * @param name an absolute name, with or without trailing dot
     * @param type a record type's mnemonic, for example {@code A} or {@code SRV}
     * @return the answer
     * @throws PodnetException.Invalid where the one is no name or the other no type
     * @throws PodnetException.TimedOut where nobody answered
     */
    public Answer lookup(String name, String type) {
        return resolver().lookup(name, type);
    }

    /**
     * Tells what a pod's program would get for a name, and why: the steps of its search list, each asked as if the pod had.
     *
     * @param pod the pod
     * @param name as a program writes it, for example {@code web} or {@code www.example.com}
     * @param type a record type's mnemonic
     * @return the steps
     * @throws PodnetException.NotFound where the pod is not set up
     * @throws PodnetException.Conflict where the pod asks other servers: its DNS policy is Default or None
     */
    public Explanation explain(PodId pod, String name, String type) {
        return resolver().explain(pod, name, type);
    }

    /**
     * Waits until a name of the cluster or of the host's own records has an answer: the next query sees it then.
     *
     * @param name an absolute name, with or without trailing dot
     * @param timeout the bound of the wait
     * @return false where the time ran out, or at an interrupt
     */
    public boolean awaitVisible(String name, Duration timeout) {
        return resolver().awaitVisible(name, timeout);
    }

    /**
     * Takes all records of the host's own; earlier ones that are not among them go.
     *
     * @param records all records; {@code *.DOMAIN} is a wildcard (RFC 4592), refused in the cluster's domain
     * @throws PodnetException.Invalid where one is wrong; nothing is changed
     */
    public void replaceRecords(Collection<StaticRecord> records) {
        resolver().replaceRecords(records);
    }

    /**
     * Gives a pod servers of its own for names outside the cluster; the next query sees it. It ends with the pod.
     *
     * @param pod the pod
     * @param forwarding its servers; {@link DnsForwarding#NONE} isolates it
     * @throws PodnetException.NotFound where the pod is not served: it is not set up, or asks other servers
     * @throws PodnetException.Invalid where a server cannot be asked; nothing is changed
     */
    public void forwarding(PodId pod, DnsForwarding forwarding) {
        resolver().forwarding(pod, Optional.of(forwarding));
    }

    /**
     * Gives a pod the node's servers again.
     *
     * @param pod the pod
     * @throws PodnetException.NotFound where the pod is not served
     */
    public void resetForwarding(PodId pod) {
        resolver().forwarding(pod, Optional.empty());
    }

    /**
     * Sets who may ask for what outside the cluster; the next query sees it.
     *
     * @param policy decides for all clients; its calls come from serving threads and must not block
     */
    public void forwardPolicy(ForwardPolicy policy) {
        resolver().forwardPolicy(policy);
    }

    /**
     * Adds a listener of queries, with the pods that asked.
     *
     * @param listener its calls come from serving threads and must not block
     */
    public void addListener(QueryListener listener) {
        resolver().addListener(listener);
    }

    /**
     * Takes a listener away. Idempotent.
     *
     * @param listener who does not want to know any more
     */
    public void removeListener(QueryListener listener) {
        resolver().removeListener(listener);
    }

    /**
     * Tells whether names are answered.
     *
     * @return code, reason and remedy
     */
    public Condition status() {
        return resolver().status();
    }

    /**
     * Withdraws before {@link Podnet#close}: no new pod is set up, answers may not be kept any more, and when this returns
     * nobody keeps an earlier one. Queries are answered until the node is closed. Blocks as long as answers may be kept, 5
     * seconds by default.
     */
    public void drain() {
        resolver().drain(resolver().ttl());
    }
}
