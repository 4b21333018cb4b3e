package io.podnet.spi;

import io.podnet.api.API;
import io.podnet.api.Condition;
import io.podnet.api.DnsForwarding;
import io.podnet.api.IpAddress;
import io.podnet.api.NamespaceRef;
import io.podnet.api.PodId;
import io.podnet.api.PodSpec;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Answers names: what CoreDNS does, with Kubernetes' DNS schema 1.1.0 (kubernetes/dns, docs/specification.md). There is
 * no cache in front of the cluster's own names: when {@link #apply} returns, the next query sees it. Safe for any thread.
 */
@API(status = API.Status.STABLE, since = "0.1")
public interface NameResolver extends AutoCloseable {
    /**
     * Takes a step of what names stand for; visible to the next query when this returns.
     *
     * @param changes the step; the first must be complete
     * @return its generation, greater than all before; the low 32 bits are the zone's SOA serial
     * @throws io.podnet.api.PodnetException.Invalid where something in it cannot be a name; nothing is changed then
     */
    long apply(NameChanges changes);

    /**
     * Takes all records of the host's own; earlier ones that are not among them go. They win over what others say of the
     * same name; a name outside the cluster that they do not have is asked of others as before. A name {@code *.DOMAIN} is a
     * wildcard by the rules of RFC 4592; with it all names below the domain are the host's own, so that none of them is
     * asked of others. Wildcards in the cluster's domain and in reverse zones are refused: they would capture what search
     * lists make.
     *
     * @param records all records; those of one name and type have the same TTL (RFC 2181 section 5.2)
     * @throws io.podnet.api.PodnetException.Invalid where one is wrong; nothing is changed then
     */
    void replaceRecords(Collection<StaticRecord> records);

    /**
     * Waits until a name of the cluster or of the host's own records has an answer: the next query sees it then.
     *
     * @param name an absolute name, with or without trailing dot
     * @param timeout the bound of the wait
     * @return false where the time ran out, or at an interrupt
     */
    boolean awaitVisible(String name, Duration timeout);

    /**
     * Looks a name up without a packet, as a query from a pod would be answered.
     *
     * @param name an absolute name, with or without trailing dot
     * @param type a record type's mnemonic, for example {@code A} or {@code SRV}
     * @return the answer
     */
    Answer lookup(String name, String type);

    /**
     * Tells what a pod's program would get for a name, and why: its C library's steps through the search list (by the rules
     * of glibc's res_nsearch), each asked without a packet as if the pod had, with its upstream servers and the policy.
     *
     * @param pod a pod that is served
     * @param name as a program writes it; with a trailing dot it is absolute
     * @param type a record type's mnemonic
     * @return the steps
     * @throws io.podnet.api.PodnetException.NotFound where the pod is not attached
     * @throws io.podnet.api.PodnetException.Conflict where the pod's resolv.conf names other servers than this one
     */
    Explanation explain(PodId pod, String name, String type);

    /**
     * Begins to serve a pod: listens inside its namespace, so that the socket tells who asks. While a pod is attached the
     * sockets keep its namespace alive, so it is detached before or right after its namespace goes.
     *
     * @param pod the pod
     * @param namespace its network namespace, open for the time of the call
     * @return what its resolv.conf has to say
     * @throws io.podnet.api.PodnetException where the kernel refuses, or the pod is attached already
     */
    ResolvConf attachPod(PodSpec pod, NamespaceRef namespace);

    /**
     * Ends serving a pod. Idempotent.
     *
     * @param pod the pod
     */
    void detachPod(PodId pod);

    /**
     * Changes whom a pod's names outside the cluster are asked of; the next query sees it. It ends with the pod.
     *
     * @param pod a pod that is attached
     * @param forwarding the pod's own; empty for that of all others
     * @throws io.podnet.api.PodnetException.NotFound where the pod is not attached
     * @throws io.podnet.api.PodnetException.Invalid where a server cannot be asked; nothing is changed then
     */
    void forwarding(PodId pod, Optional<DnsForwarding> forwarding);

    /**
     * Changes whom names outside the cluster are asked of for clients without servers of their own, in place of the
     * context's upstreams; the next query sees it. A resolver that cannot keeps those that it has, as this does.
     *
     * @param servers in order of preference; empty for none
     * @throws io.podnet.api.PodnetException.Invalid where there are too many; nothing is changed then
     */
    default void upstreams(List<IpAddress> servers) {}

    /**
     * Sets who may ask for what outside the cluster; the next query sees it, kept answers included.
     *
     * @param policy decides for all clients
     */
    void forwardPolicy(ForwardPolicy policy);

    /**
     * Adds a listener. Its calls come from the serving threads and must not block.
     *
     * @param listener who wants to know
     */
    void addListener(QueryListener listener);

    /**
     * Takes a listener away. Idempotent; calls that are under way may still end.
     *
     * @param listener who does not want to know any more
     */
    void removeListener(QueryListener listener);

    /**
     * Tells how long clients may keep answers of the cluster's names: what is withdrawn may be used that long.
     *
     * @return zero or more, in whole seconds
     */
    Duration ttl();

    /**
     * Tells whether the resolver does its work.
     *
     * @return code, reason and remedy
     */
    Condition status();

    /**
     * Withdraws: no new pod is served, and answers have TTL 0 from now on. Returns when the time is over, or at an
     * interrupt; serving ends with {@link #close}.
     *
     * @param time how long clients are given, at least the TTL of earlier answers
     */
    void drain(Duration time);

    /** Ends serving. Idempotent. */
    @Override
    void close();

    /**
     * What a name stands for.
     *
     * @param rcode the response code's mnemonic, for example {@code NOERROR} or {@code NXDOMAIN}
     * @param records the answer section in presentation format (RFC 1035 section 5.1), a record each
     */
    record Answer(String rcode, List<String> records) {
        public Answer {
            Objects.requireNonNull(rcode, "rcode");
            records = List.copyOf(records);
        }
    }

    /**
     * How a pod's name is found.
     *
     * @param steps the names that are asked for, in order; the last one's answer is what the program gets
     */
    record Explanation(List<Step> steps) {
        public Explanation {
            steps = List.copyOf(steps);
        }

        /**
         * A query on the way.
         *
         * @param name the absolute name that is asked for
         * @param answer what comes back
         * @param reason why, for people
         */
        public record Step(String name, Answer answer, String reason) {
            public Step {
                Objects.requireNonNull(name, "name");
                Objects.requireNonNull(answer, "answer");
                Objects.requireNonNull(reason, "reason");
            }
        }

        /**
         * Gives what the program gets.
         *
         * @return the last step's answer
         */
        public Answer answer() {
            return steps.get(steps.size() - 1).answer();
        }
    }

    /**
     * A record of the host's own.
     *
     * @param name an absolute name
     * @param type a record type's mnemonic
     * @param ttl seconds, 0 to 2^31-1
     * @param data the data in presentation format
     */
    record StaticRecord(String name, String type, long ttl, String data) {}

    /**
     * The parts of a resolv.conf.
     *
     * @param nameservers at most three
     * @param searches search domains in order
     * @param options options in order, as {@code name} or {@code name:value}
     * @param warnings what was cut because a resolver would not take it, for people
     */
    record ResolvConf(List<IpAddress> nameservers, List<String> searches, List<String> options, List<String> warnings) {
        public ResolvConf {
            nameservers = List.copyOf(nameservers);
            searches = List.copyOf(searches);
            options = List.copyOf(options);
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * Decides who may ask for what outside the cluster. It is asked with the name that is about to be resolved, after any
     * completion of a search, and before a kept answer is given too (CVE-2026-26017).
     */
    @FunctionalInterface
    interface ForwardPolicy {
        /** Everybody may ask for everything. */
        ForwardPolicy ALLOW_ALL = (pod, name, type) -> true;

        /**
         * Decides. Calls come from serving threads and must not block.
         *
         * @param pod who asks; empty where it is not a pod
         * @param name the final name, small letters, with trailing dot
         * @param type the record type's mnemonic
         * @return false to refuse
         */
        boolean allows(Optional<PodId> pod, String name, String type);
    }

    /** Who wants to know what is asked. */
    @FunctionalInterface
    interface QueryListener {
        /**
         * A query was answered.
         *
         * @param pod who asked; empty where it was not a pod
         * @param name what was asked for
         * @param type the record type's mnemonic
         * @param rcode the response code's mnemonic
         * @param nanos how long it took
         */
        void onQuery(Optional<PodId> pod, String name, String type, String rcode, long nanos);
    }
}
