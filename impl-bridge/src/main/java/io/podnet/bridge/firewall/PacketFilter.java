package io.podnet.bridge.firewall;

import io.podnet.api.AttachmentId;
import io.podnet.api.Drift;
import io.podnet.api.Plan;
import io.podnet.api.PodnetException;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Masquerade, host ports and anti-spoofing for the pods of one bridge in one network namespace. What is set up lives in
 * the kernel alone and is found again by whoever makes the next instance for the same bridge.
 *
 * <p>Each method is one transaction: done, or not done. Safe for any thread.
 */
public interface PacketFilter {
    /**
     * Makes the node's rules as they should be and keeps what is there of pods.
     *
     * @param rules what should be
     * @return what had to be done
     * @throws PodnetException.Unsupported where the kernel lacks something, named in the message
     */
    NodeChange ensureNode(NodeRules rules);

    /**
     * Tells what {@link #ensureNode} would do.
     *
     * @param rules what should be
     * @return the steps; empty where all is as it should be
     */
    Plan planNode(NodeRules rules);

    /**
     * Refuses a pod whose host ports {@link #addPods} would refuse now, so that nothing else is done for it in vain.
     *
     * @param pod which
     * @throws PodnetException as {@link #addPods}
     */
    void requireHostPorts(PodPort pod);

    /**
     * Lets pods in: their ports on the bridge may send as what they are, their host ports lead to them. Pods that are in
     * already stay so.
     *
     * @param pods which; all of them or none
     * @throws PodnetException.Conflict where a host port, or a port of the bridge, belongs to another attachment
     * @throws PodnetException.Invalid where a host port has no address of its family to lead to
     * @throws PodnetException.Unsupported for a host port on a loopback address
     * @throws PodnetException.NotFound where {@link #ensureNode} was not called
     */
    void addPods(Collection<PodPort> pods);

    /**
     * Lets one pod in, see {@link #addPods}.
     *
     * @param pod which
     */
    default void addPod(PodPort pod) {
        addPods(List.of(pod));
    }

    /**
     * Takes pods out. What is absent, or belongs to another attachment by now, stays as it is.
     *
     * @param pods as they were added; nothing else about them is looked at
     */
    void removePods(Collection<PodPort> pods);

    /**
     * Takes one pod out, see {@link #removePods}.
     *
     * @param pod which
     */
    default void removePod(PodPort pod) {
        removePods(List.of(pod));
    }

    /**
     * Tells what {@link #addPod} would do.
     *
     * @param pod which
     * @return the steps; empty where the pod is in already
     */
    List<Plan.Step> plan(PodPort pod);

    /**
     * Compares a pod's part with what should be.
     *
     * @param pod which
     * @return the differences; empty where there are none
     */
    List<Drift> check(PodPort pod);

    /**
     * Tells whose part is not as it should be, by one look at everything, which is cheaper than a {@link #check} of each.
     *
     * @param pods which
     * @return those of them that {@link #check} would find differences of, in their order
     */
    List<PodPort> listDrifted(Collection<PodPort> pods);

    /**
     * Makes a pod's part as it should be, whatever of it is there.
     *
     * @param pod which
     * @throws PodnetException.Conflict where something of it belongs to another attachment
     */
    void repair(PodPort pod);

    /**
     * Lists who owns something here.
     *
     * @return attachments, in no order
     */
    Set<AttachmentId> listOwners();

    /**
     * Takes out whatever belongs to nobody in a list.
     *
     * @param valid attachments that exist; an empty set takes everything out
     * @return the attachments that something was taken from
     */
    Set<AttachmentId> gc(Set<AttachmentId> valid);

    /** Takes everything out, the node's rules too. Does nothing where nothing is there. */
    void removeNode();
}
