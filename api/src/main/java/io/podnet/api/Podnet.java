package io.podnet.api;

import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.NetworkPath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A node: sets pods up, tears them down, and knows which there are. What kubelet, a CNI plugin and the pause container
 * do for a Kubernetes node, in this process.
 *
 * <pre>{@code
 * try (Podnet node = Podnet.builder().podCidr("10.244.1.0/24").start()) {
 *     PodNetwork web = node.setUp(PodSpec.of("default", "web").label("app", "web").build());
 *     Process server = web.sandbox().start(new ProcessBuilder("nginx", "-g", "daemon off;"));
 * }
 * }</pre>
 *
 * <p>Safe for any thread, virtual ones too. Calls for one pod are serial, for different pods parallel. Every call blocks
 * for a bounded time, some milliseconds as a rule.
 *
 * <p>No argument may be null and no result is. After {@link #close} every call that would look at the kernel or change
 * something throws {@link PodnetException.Invalid}.
 */
@API(status = API.Status.STABLE, since = "0.1")
public final class Podnet implements AutoCloseable {
    private final Node node;

    Podnet(Node node) {
        this.node = node;
    }

    /**
     * Starts a node's settings.
     *
     * @return a builder with the defaults
     */
    public static PodnetBuilder builder() {
        return new PodnetBuilder();
    }

    /**
     * Reads what a node's state directory records, without disturbing the process that holds it.
     *
     * @param stateDirectory a node's state directory
     * @return the records, oldest first
     * @throws PodnetException.NotFound where the directory does not exist, or is no node's
     */
    public static List<AttachmentRecord> records(Path stateDirectory) {
        if (!Files.isDirectory(stateDirectory)) {
            throw new PodnetException.NotFound("state directory " + stateDirectory + " does not exist");
        }
        Path attachments = stateDirectory.resolve(Node.ATTACHMENTS);
        if (!Files.isDirectory(attachments)) {
            throw new PodnetException.NotFound("directory " + stateDirectory
                    + " is no node's state directory: it has no directory '" + Node.ATTACHMENTS
                    + "'; name the one that the node was started with");
        }
        return new FileAttachmentStore(attachments).list();
    }

    /**
     * Gives a pod its namespaces and its network.
     *
     * @param spec the pod
     * @return the pod's network
     * @throws PodnetException.Conflict where a pod of that name is set up, or a host port or address that it asks for is taken
     * @throws PodnetException.PoolExhausted where no address is free
     * @throws PodnetException where it cannot be set up; everything is taken back then, or a record stays from which
     *     {@link #tearDown} or the next start finishes
     */
    public PodNetwork setUp(PodSpec spec) {
        return node.setUp(spec, Optional.empty());
    }

    /**
     * Gives an existing network namespace a pod's network, as of an external pause process.
     *
     * @param spec the pod
     * @param netns a path to the namespace, for example {@code /proc/PID/ns/net}; it is never removed
     * @return the pod's network
     * @throws PodnetException as for {@link #setUp(PodSpec)}, and where the path is no network namespace
     */
    public PodNetwork setUp(PodSpec spec, Path netns) {
        // The next process may have another working directory.
        return node.setUp(spec, Optional.of(netns.toAbsolutePath()));
    }

    /**
     * Sets several pods up; one's failure does not stop the others.
     *
     * @param specs the pods
     * @return a result for each, in order
     */
    public List<SetUpResult> setUpAll(Collection<PodSpec> specs) {
        List<SetUpResult> results = new ArrayList<>(specs.size());
        for (PodSpec spec : specs) {
            try {
                results.add(new SetUpResult(spec.id(), Optional.of(setUp(spec)), Optional.empty()));
            } catch (PodnetException e) {
                results.add(new SetUpResult(spec.id(), Optional.empty(), Optional.of(e)));
            }
        }
        return results;
    }

    /**
     * Takes a pod's network and namespaces away. Idempotent. Processes inside lose their network; stopping them is the
     * caller's. The kernel frees the links a little later, see {@link #quiesce}.
     *
     * @param pod the pod
     * @return false where there was none
     * @throws PodnetException.Incomplete where something stayed; calling again tries the rest
     */
    public boolean tearDown(PodId pod) {
        return node.tearDown(pod);
    }

    /**
     * Takes a pod out of service in order, and then away: names and services send nobody there any more, then those are
     * waited for who may remember its names, and then it is torn down. Its program should go on meanwhile. Blocks as long as
     * answers may be kept, 5 seconds by default; an interrupt ends only the wait, and the interrupt status stays.
     *
     * @param pod the pod
     * @return false where there was none
     * @throws PodnetException.Incomplete as for {@link #tearDown}
     */
    public boolean drain(PodId pod) {
        return node.drain(pod);
    }

    /**
     * Tears several pods down at once, which costs far less than one by one.
     *
     * @param pods the pods; unknown ones are passed over
     * @throws PodnetException.Incomplete where something stayed; calling again tries the rest
     */
    public void tearDownAll(Collection<PodId> pods) {
        node.tearDownAll(pods);
    }

    /**
     * Finds a pod.
     *
     * @param pod the pod
     * @return its network, empty where it is not set up
     */
    public Optional<PodNetwork> pod(PodId pod) {
        return node.pod(pod);
    }

    /**
     * Lists the pods.
     *
     * @return all pods that are set up, by name
     */
    public List<PodNetwork> pods() {
        return node.pods();
    }

    /**
     * Tells what {@link #setUp} would do, without doing it. Addresses are what the Ipam would give now.
     *
     * @param spec the pod
     * @return the steps
     * @throws PodnetException as {@link #setUp(PodSpec)}, where it would
     */
    public Plan plan(PodSpec spec) {
        return node.plan(spec);
    }

    /**
     * Compares a pod's network in the kernel with what it should be.
     *
     * @param pod the pod
     * @return the differences; empty where all is as it should be
     * @throws PodnetException.NotFound where the pod is not set up
     */
    public List<Drift> check(PodId pod) {
        return node.check(pod);
    }

    /**
     * Puts right what {@link #check} tells of a pod: its links, inside the pod too, with their addresses, routes, neighbours and
     * limits, and its rules. What else somebody put into the pod stays. Nobody does this without being asked, since a pod's
     * network is also its programs' own, which may have changed it on purpose.
     *
     * @param pod the pod
     * @return the differences that are left, as those of what pods share; empty where all is as it should be
     * @throws PodnetException.NotFound where the pod is not set up
     * @throws PodnetException where the kernel refuses something; calling again tries the rest
     */
    public List<Drift> repair(PodId pod) {
        return node.repair(pod);
    }

    /**
     * Removes everything of this node that belongs to none of its pods.
     *
     * @return what was removed, for people
     * @throws PodnetException.Incomplete where something could not be removed; calling again tries the rest
     */
    public List<String> gc() {
        return node.gc();
    }

    /**
     * Removes every pod that is not valid, and everything that belongs to no pod.
     *
     * @param valid the pods that must stay; an empty set removes all
     * @return what was removed, for people
     * @throws PodnetException.Incomplete where something could not be removed; calling again tries the rest
     */
    public List<String> gc(Set<PodId> valid) {
        return node.gc(valid);
    }

    /**
     * Tells how pods of other nodes are reached.
     *
     * @return one for each node and family; empty where the network plugin knows of no other node
     */
    public List<NetworkPath> paths() {
        return node.paths();
    }

    /**
     * Tells when the other nodes can reach a pod.
     *
     * @param pod a pod that is set up
     * @return completes with the names of the nodes that acknowledged, when all that are alive have
     * @throws PodnetException.NotFound where the pod is not set up
     */
    public CompletableFuture<Set<String>> programmed(PodId pod) {
        return node.programmed(pod);
    }

    /**
     * Tells whether pods can be set up now, and whether their names are answered.
     *
     * @return the worse of the network plugin's and the name resolver's: code, reason and remedy
     */
    public Condition status() {
        return node.status();
    }

    /**
     * Tells the node its new pod CIDRs: kubelet's pod CIDR event.
     *
     * @param podCidrs at most one of a family
     * @throws PodnetException.Conflict where live pods use a CIDR that is not in the list; nothing is changed then
     * @throws PodnetException.Unsupported where the network plugin has the node's CIDRs from the cluster, as {@code overlay} has,
     *     and these are others; nothing is changed then
     */
    public void podCidrsChanged(List<Cidr> podCidrs) {
        node.podCidrsChanged(podCidrs);
    }

    /**
     * Gives the node's services.
     *
     * @return the services, until the node is closed
     */
    public Services services() {
        return new Services(node.services());
    }

    /**
     * Gives the names that the node answers.
     *
     * @return the names, until the node is closed
     */
    public ClusterNames names() {
        return new ClusterNames(node.services().names());
    }

    /**
     * Says which namespaces exist besides those of pods and services: in DNS their names exist, where others do not. Not
     * written down.
     *
     * @param names all of them; what an earlier call named and this one does not, goes
     * @throws PodnetException.Invalid where one is no namespace's name; nothing is changed
     */
    public void namespaces(Collection<String> names) {
        node.namespaces(names);
    }

    /**
     * Says whether a pod can take traffic: Kubernetes' condition Ready. Not written down; after a restart a pod counts
     * as the builder's {@link PodnetBuilder#podsReadyAtSetUp} says.
     *
     * @param pod the pod
     * @param ready whether services send traffic there
     * @throws PodnetException.NotFound where the pod is not set up
     */
    public void setReady(PodId pod, boolean ready) {
        node.endpoints().setReady(pod, ready);
    }

    /**
     * Says that a pod is going away: services send it new connections only where none of their other endpoints is
     * ready, and those that it has go on. {@link #tearDown} ends that.
     *
     * @param pod the pod
     * @throws PodnetException.NotFound where the pod is not set up
     */
    public void terminating(PodId pod) {
        node.endpoints().terminating(pod);
    }

    /**
     * Says that all of a pod's containers ended for good: it is nobody's endpoint from now on, as in Kubernetes in the
     * phases Succeeded and Failed.
     *
     * @param pod the pod
     * @throws PodnetException.NotFound where the pod is not set up
     */
    public void ended(PodId pod) {
        node.endpoints().ended(pod);
    }

    /**
     * Lists the node's own addresses.
     *
     * @return those of all interfaces in the node's namespace, without loopback, sorted
     */
    public List<IpAddress> addresses() {
        return node.addresses();
    }

    /**
     * Waits until the kernel has freed what was torn down; at most 10 seconds.
     *
     * @throws PodnetException.TimedOut where something is left after that time
     */
    public void quiesce() {
        node.quiesce();
    }

    /**
     * Tears all pods down, forgets all services, and removes both and what they shared from the kernel. The state
     * directory stays, without records.
     *
     * @throws PodnetException.Incomplete where something stayed; calling again tries the rest
     */
    public void removeAll() {
        node.removeAll();
    }

    /** Ends this process's part. Pods stay for the next process, unless the builder said otherwise. Idempotent. */
    @Override
    public void close() {
        node.close();
    }
}
