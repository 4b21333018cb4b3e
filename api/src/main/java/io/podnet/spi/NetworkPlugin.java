package io.podnet.spi;

import io.podnet.api.API;
import io.podnet.api.AttachmentId;
import io.podnet.api.Cidr;
import io.podnet.api.Condition;
import io.podnet.api.Drift;
import io.podnet.api.NamespaceRef;
import io.podnet.api.Plan;
import io.podnet.api.PodNetworkStatus;
import io.podnet.api.PodnetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Gives pods their network. The contract joins kubelet's {@code NetworkPlugin} (v1.21 {@code
 * pkg/kubelet/dockershim/network/plugins.go}) with CNI 1.1's verbs: {@link NetworkPluginProvider#create} is Init, {@link
 * #podCidrsChanged} the pod CIDR event, {@link #setUpPod} ADD, {@link #tearDownPod} DEL, {@link #check} CHECK, {@link
 * #gc} GC, {@link #status} STATUS.
 *
 * <p>Threads: the caller serialises calls for one pod and runs {@link #gc} alone; calls for different pods come in
 * parallel. Every call blocks for a bounded time. Calls are idempotent where it says so. No call keeps a reference to a
 * {@link SetUp#namespace()} after it returned.
 */
@API(status = API.Status.STABLE, since = "0.1")
public interface NetworkPlugin extends AutoCloseable {
    /**
     * What set-up is given.
     *
     * @param record the attachment's record, already durable
     * @param namespace the pod's network namespace, open for the time of the call
     */
    record SetUp(AttachmentRecord record, NamespaceRef namespace) {}

    /**
     * How one of several went.
     *
     * @param id the attachment
     * @param status its network, empty where it failed or was torn down
     * @param failure why it failed, empty where it did not
     */
    record Outcome(AttachmentId id, Optional<PodNetworkStatus> status, Optional<PodnetException> failure) {}

    /** What a plugin can do beyond the minimum; CNI's well-known capabilities by name. */
    enum Capability {
        /** Host ports: CNI {@code portMappings}. */
        PORT_MAPPINGS,
        /** Bandwidth limits: CNI {@code bandwidth}. */
        BANDWIDTH,
        /** Requested addresses: CNI {@code ips}. */
        IPS,
        /** Frames with a source that is not the pod's are dropped. */
        ANTI_SPOOFING
    }

    /**
     * Tells the plugin the node's pod CIDRs: kubelet's only event. Accepted when nothing is attached, or where the new
     * list keeps all CIDRs in use; refused otherwise, because live pods would break.
     *
     * @param podCidrs at most one of a family
     * @throws io.podnet.api.PodnetException.Conflict where live pods use a CIDR that is not in the list; nothing is changed then
     * @throws io.podnet.api.PodnetException.Unsupported where others decide on the node's CIDRs, as a cluster's leases do, and the
     *     list is not the one that the node has; nothing is changed then
     */
    void podCidrsChanged(List<Cidr> podCidrs);

    /**
     * Sets a pod's network up. On failure everything is taken back, or the record stays for {@link #tearDownPod}.
     *
     * @param request the attachment and the pod's namespace
     * @return the network
     * @throws io.podnet.api.PodnetException where it cannot be set up
     */
    PodNetworkStatus setUpPod(SetUp request);

    /**
     * Tears a pod's network down, from the record alone. Idempotent; a pod that was never set up, or whose namespace is
     * gone, is torn down without error. Goes on past errors. When it returns, no packet of the pod passes any more and
     * its address is released; the kernel may take a little longer to free the links, see {@link #quiesce}.
     *
     * @param record the attachment
     * @throws io.podnet.api.PodnetException.Incomplete where something stayed; calling again tries the rest
     */
    void tearDownPod(AttachmentRecord record);

    /**
     * Reads a pod's network back from the kernel.
     *
     * @param request the attachment and the pod's namespace
     * @return the network; empty where the pod has none
     */
    Optional<PodNetworkStatus> podNetworkStatus(SetUp request);

    /**
     * Compares a pod's network with what it should be.
     *
     * @param request the attachment and the pod's namespace
     * @return the differences; empty where all is as it should be
     */
    List<Drift> check(SetUp request);

    /**
     * Puts right what {@link #check} tells of a pod's own network, in its namespace too, as far as the plugin can; what else is
     * there stays. A plugin that repairs nothing, as this default, gives all differences.
     *
     * @param request the attachment and the pod's namespace
     * @return the differences that are left; empty where all is as it should be
     * @throws io.podnet.api.PodnetException where the kernel refuses something; calling again tries the rest
     */
    default List<Drift> repair(SetUp request) {
        return check(request);
    }

    /**
     * Removes everything of this plugin that belongs to no valid attachment: links, rules, leases. An empty set is
     * meaningful and removes everything; there is no default, since a forgotten argument must not do that.
     *
     * @param valid all attachments that must stay
     * @return what was removed, for people
     * @throws io.podnet.api.PodnetException.Incomplete where something could not be removed
     */
    List<String> gc(Set<AttachmentId> valid);

    /**
     * Tells whether pods can be set up now.
     *
     * @return code, reason and remedy
     */
    Condition status();

    /**
     * Tells what the plugin can do on this kernel.
     *
     * @return the capabilities
     */
    Set<Capability> capabilities();

    /**
     * Tells what {@link #setUpPod} would do, without doing it. Addresses are what the Ipam would give now.
     *
     * @param record the attachment, its namespace need not exist
     * @return the steps
     * @throws io.podnet.api.PodnetException where {@link #setUpPod} would refuse it
     */
    Plan plan(AttachmentRecord record);

    /**
     * Sets several pods up; one's failure does not stop the others.
     *
     * @param requests the attachments
     * @return an outcome for each, in order
     */
    default List<Outcome> setUpPods(List<SetUp> requests) {
        List<Outcome> outcomes = new ArrayList<>(requests.size());
        for (SetUp request : requests) {
            AttachmentId id = request.record().id();
            try {
                outcomes.add(new Outcome(id, Optional.of(setUpPod(request)), Optional.empty()));
            } catch (PodnetException e) {
                outcomes.add(new Outcome(id, Optional.empty(), Optional.of(e)));
            }
        }
        return outcomes;
    }

    /**
     * Tears several pods down; one's failure does not stop the others.
     *
     * @param records the attachments
     * @return an outcome for each, in order
     */
    default List<Outcome> tearDownPods(Collection<AttachmentRecord> records) {
        List<Outcome> outcomes = new ArrayList<>(records.size());
        for (AttachmentRecord record : records) {
            try {
                tearDownPod(record);
                outcomes.add(new Outcome(record.id(), Optional.empty(), Optional.empty()));
            } catch (PodnetException e) {
                outcomes.add(new Outcome(record.id(), Optional.empty(), Optional.of(e)));
            }
        }
        return outcomes;
    }

    /**
     * Tells how pods of other nodes are reached.
     *
     * @return one for each node and family; empty where the plugin knows of no other node
     */
    default List<NetworkPath> paths() {
        return List.of();
    }

    /**
     * Tells when the other nodes can reach a pod that was set up.
     *
     * @param record the attachment
     * @return completes with the names of the nodes that acknowledged, when all that are alive have, or exceptionally where that
     *     cannot be found out; complete where there is no other node
     */
    default CompletableFuture<Set<String>> programmed(AttachmentRecord record) {
        return CompletableFuture.completedFuture(Set.of());
    }

    /**
     * Waits until the kernel has freed what was torn down.
     *
     * @param timeout the bound of the wait
     * @throws io.podnet.api.PodnetException.TimedOut where something is left after that time
     */
    void quiesce(Duration timeout);

    /** Releases handles of this process. Pods and everything shared stay. Idempotent. */
    @Override
    void close();

    /**
     * Removes what all pods share (bridge, rules). To be called when no attachment is left.
     *
     * @throws io.podnet.api.PodnetException.Conflict where attachments are left
     */
    void removeShared();
}
