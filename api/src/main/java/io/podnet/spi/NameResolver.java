package io.podnet.spi;

import io.podnet.api.Condition;
import io.podnet.api.IpAddress;
import io.podnet.api.NamespaceRef;
import io.podnet.api.PodId;
import io.podnet.api.PodSpec;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Answers names: what CoreDNS does, with Kubernetes' DNS schema 1.1.0 (kubernetes/dns, docs/specification.md). There is
 * no cache in front of the cluster's own names: when {@link #apply} returns, the next query sees it. Safe for any thread.
 */
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
     * Adds records of the host's own, replacing earlier ones of the same name and type.
     *
     * @param records the records
     */
    void putRecords(List<StaticRecord> records);

    /**
     * Waits until a name has an answer.
     *
     * @param name an absolute name, with or without trailing dot
     * @param timeout the bound of the wait
     * @return false where the time ran out
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
     * Adds a listener. Its calls come from the serving threads and must not block.
     *
     * @param listener who wants to know
     */
    void addListener(QueryListener listener);

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
