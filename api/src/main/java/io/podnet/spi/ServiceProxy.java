package io.podnet.spi;

import io.podnet.api.API;
import io.podnet.api.Condition;
import io.podnet.api.Drift;
import io.podnet.api.IpAddress;
import io.podnet.api.Packet;
import io.podnet.api.Plan;
import io.podnet.api.PodnetException;
import io.podnet.api.ServiceId;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Makes services reachable: what kube-proxy does. The semantics are kube-proxy's; how they are brought about is the
 * provider's own. Safe for any thread.
 *
 * <p>Data flows one way: {@link #apply} takes the desired state and returns at once with a generation; the proxy brings
 * the kernel there, and a change counts as consumed only when the kernel acknowledged it.
 */
@API(status = API.Status.STABLE, since = "0.1")
public interface ServiceProxy extends AutoCloseable {
    /**
     * Takes a step of the desired state. The first must be complete.
     *
     * @param changes the step
     * @return its generation, greater than all before
     * @throws io.podnet.api.PodnetException.Invalid where a part breaks the proxy's policy, such as an endpoint on
     *     loopback or an external IP outside the configured ranges; nothing of the step is taken then
     */
    long apply(ServiceChanges changes);

    /**
     * Waits until the kernel has a step.
     *
     * @param generation what {@link #apply} returned
     * @param timeout the bound of the wait, zero for a look
     * @return false where the time ran out, or at an interrupt
     */
    boolean awaitProgrammed(long generation, Duration timeout);

    /**
     * Waits until the kernel has a service's newest state.
     *
     * @param service the service
     * @param timeout the bound of the wait, zero for a look
     * @return false where the time ran out, or at an interrupt
     */
    boolean awaitProgrammed(ServiceId service, Duration timeout);

    /**
     * Tells what a step would change, without taking it.
     *
     * @param changes the step
     * @return the changes to the kernel
     * @throws io.podnet.api.PodnetException.Invalid as {@link #apply}
     */
    Plan plan(ServiceChanges changes);

    /**
     * Follows a packet through the services.
     *
     * @param packet the first packet of a flow
     * @return its way
     */
    Explanation explain(Packet packet);

    /**
     * Compares the kernel with what was programmed.
     *
     * @return the differences; empty where all is as it should be
     */
    List<Drift> check();

    /**
     * Reads packet and byte counts of a service.
     *
     * @param service the service
     * @return a count for each endpoint; empty where the kernel counts none
     */
    List<EndpointCount> counters(ServiceId service);

    /**
     * Adds a listener. Its calls come from a thread of the proxy's own, one at a time.
     *
     * @param listener who wants to know
     */
    void addListener(ServiceProxyListener listener);

    /**
     * Tells whether the proxy does its work.
     *
     * @return code, reason and remedy
     */
    Condition status();

    /**
     * Removes everything from the kernel. Pods lose their services.
     *
     * @throws io.podnet.api.PodnetException.Incomplete where something stayed; the call of a new proxy tries the rest
     */
    void cleanUp();

    /** Releases handles of this process; rules stay for the next one. Idempotent. */
    @Override
    void close();

    /**
     * A packet's way.
     *
     * @param steps what happens to it, in order, each with its reason in words
     * @param verdict where it ends
     * @param candidates the endpoints it may reach, each with its probability
     */
    record Explanation(List<String> steps, Verdict verdict, List<Candidate> candidates) {
        public Explanation {
            Objects.requireNonNull(verdict, "verdict");
            steps = List.copyOf(steps);
            candidates = List.copyOf(candidates);
        }
    }

    /** Where a packet ends. */
    enum Verdict {
        /** No service's; it goes on unchanged. */
        PASS,
        /** Sent to an endpoint, its source kept for at least one of them: each candidate says. */
        TRANSLATE,
        /** Sent to an endpoint, with the node's address as its source whichever it is. */
        TRANSLATE_AND_MASQUERADE,
        /** Refused with an ICMP error: the service has no endpoint at all. */
        REJECT,
        /** Dropped silently: policy or source ranges forbid. */
        DROP
    }

    /**
     * An endpoint that a packet may reach.
     *
     * @param ip the endpoint's address
     * @param port its port
     * @param probability 0 to 1
     * @param masquerade whether a packet to it gets the node's address as its source; an endpoint that reaches itself
     *     does even where others do not
     */
    record Candidate(IpAddress ip, int port, double probability, boolean masquerade) {}

    /**
     * Traffic to an endpoint.
     *
     * @param portName the service port's name
     * @param ip the endpoint's address
     * @param port its port
     * @param packets first packets of flows, where the kernel counts flows; otherwise packets
     * @param bytes their bytes
     */
    record EndpointCount(String portName, IpAddress ip, int port, long packets, long bytes) {}

    /** Who wants to know what a proxy does. All methods do nothing by default. */
    interface ServiceProxyListener {
        /**
         * The kernel has a generation.
         *
         * @param generation the generation
         */
        default void onProgrammed(long generation) {}

        /**
         * Writing failed; the proxy tries again.
         *
         * @param generation the generation
         * @param failure the kernel's answer
         */
        default void onFailure(long generation, PodnetException failure) {}

        /**
         * Somebody else changed the rules, and they were put right.
         *
         * @param drift what was found
         */
        default void onDriftRepaired(List<Drift> drift) {}

        /**
         * A service has no endpoint that may be used.
         *
         * @param service the service
         * @param portName its port; empty for the unnamed one
         */
        default void onNoEndpoints(ServiceId service, Optional<String> portName) {}

        /**
         * An external address was refused by policy.
         *
         * @param service the service
         * @param ip the address
         */
        default void onExternalIpRefused(ServiceId service, IpAddress ip) {}
    }
}
