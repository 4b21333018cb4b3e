package io.podnet.spi;

import io.podnet.api.API;
import io.podnet.api.PodnetException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the nodes of a cluster share: a tree of small texts, each with a revision. Safe for any thread. Each call is bounded
 * by the store's time limit and ends with {@link PodnetException.TimedOut} where the store does not answer; whether a write
 * was made is then unknown, and the writer reads again.
 *
 * <p>Every provider keeps these laws, which {@code ClusterStoreContract} of the testkit tests by number:
 *
 * <ol>
 *   <li>A watch starts with one complete snapshot, then come batches of changes. After any gap, compaction, error or
 *       reconnect comes a new complete snapshot that replaces all, never a silent hole. How a watch goes on is its own
 *       affair: there are no resume tokens.
 *   <li>Consumers compare with what is now. Changes may be merged, come again, and with {@link Consistency#EVENTUAL} even go
 *       back.
 *   <li>The changes of one key come in order. Between keys there is no order.
 *   <li>A refused write is a value, not an exception, and has the entry that is there. Compare-and-set is the only write. A
 *       write whose first answer was lost may be made again by the transport: a refusal then shows the writer's own value.
 *   <li>A watch reports its connectivity. No change of that state alone is a reason to delete anything in a kernel.
 *   <li>The store judges whether a session has expired; wall clocks of nodes are never compared.
 *   <li>A lost session can write nothing: {@link WriteResult.Fenced}. Its owner may go on forwarding but hands nothing out; it
 *       takes its entries again by revision with a new session, and yields where another was faster.
 *   <li>A watch's callbacks come one after another, on no thread of the transport, and may call the store. A slow observer
 *       holds nobody up: what it has not yet seen is merged by key.
 *   <li>Values have at most 64 KiB and come back as they were written. Keys map to RFC 1123 names and back.
 *   <li>A provider declares its {@link Consistency}. Who needs more than it has refuses to start.
 * </ol>
 */
@API(status = API.Status.STABLE, since = "0.1")
public interface ClusterStore extends AutoCloseable {
    /** How long a value may be, in bytes of UTF-8. */
    int MAX_VALUE_BYTES = 64 * 1024;

    /** What reads may be relied upon for. */
    enum Consistency {
        /** A read sees every write that was acknowledged before it began. */
        LINEARIZABLE,
        /** A read may be stale, and replicas agree later. */
        EVENTUAL
    }

    /** What is known of the way to the store. */
    enum Connectivity {
        /** The last exchange succeeded. */
        CONNECTED,
        /** An exchange failed or is overdue. */
        SUSPECT,
        /** Several exchanges failed; what was seen last is still what counts. */
        DISCONNECTED
    }

    /**
     * What is stored under a key.
     *
     * @param key the key
     * @param value the text, JSON by convention; who rewrites it keeps fields that it does not know
     * @param revision of the last write, above 0; it grows with every write, whatever the key
     */
    record Entry(StoreKey key, String value, long revision) {
        public Entry {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(value, "value");
        }
    }

    /**
     * All entries below a key at one revision.
     *
     * @param revision the store's; every later change has a greater one
     * @param entries sorted by key
     */
    record Snapshot(long revision, List<Entry> entries) {
        public Snapshot {
            entries = List.copyOf(entries);
        }
    }

    /** A key's newest state. */
    sealed interface Change {
        /**
         * Tells which key changed.
         *
         * @return the key
         */
        StoreKey key();

        /**
         * Tells when.
         *
         * @return the revision of the change
         */
        long revision();

        /**
         * The key has a value.
         *
         * @param entry key, value and revision
         */
        record Put(Entry entry) implements Change {
            public Put {
                Objects.requireNonNull(entry, "entry");
            }

            @Override
            public StoreKey key() {
                return entry.key();
            }

            @Override
            public long revision() {
                return entry.revision();
            }
        }

        /**
         * The key is gone.
         *
         * @param key the key
         * @param revision of the deletion
         */
        record Removed(StoreKey key, long revision) implements Change {
            public Removed {
                Objects.requireNonNull(key, "key");
            }
        }
    }

    /**
     * What a write compares with.
     *
     * @param revision the entry's revision; 0 for a key that must be absent
     */
    record Expect(long revision) {
        /** The key must be absent. */
        public static final Expect ABSENT = new Expect(0);

        public Expect {
            if (revision < 0) {
                throw new PodnetException.Invalid("revision " + revision + " is below 0");
            }
        }

        /**
         * Expects what was read.
         *
         * @param read an entry as it was read, empty where there was none
         * @return the expectation
         */
        public static Expect of(Optional<Entry> read) {
            return read.map(entry -> new Expect(entry.revision())).orElse(ABSENT);
        }

        /**
         * Expects an entry to be as it was read.
         *
         * @param read the entry
         * @return the expectation
         */
        public static Expect of(Entry read) {
            return new Expect(read.revision());
        }
    }

    /** What became of a write. */
    sealed interface WriteResult {
        /**
         * It was made.
         *
         * @param revision of the write
         */
        record Applied(long revision) implements WriteResult {}

        /**
         * The expectation did not hold; nothing was changed.
         *
         * @param current what is there, empty where nothing is
         */
        record Refused(Optional<Entry> current) implements WriteResult {
            public Refused {
                Objects.requireNonNull(current, "current");
            }
        }

        /** The session is lost; nothing was changed. */
        record Fenced() implements WriteResult {}

        /**
         * Tells whether it was made.
         *
         * @return true for {@link Applied}
         */
        default boolean applied() {
            return this instanceof Applied;
        }
    }

    /**
     * Declares what reads may be relied upon for.
     *
     * @return the consistency, constant
     */
    Consistency consistency();

    /**
     * Reads an entry.
     *
     * @param key the key
     * @return the entry, empty where there is none
     * @throws PodnetException.TimedOut where the store does not answer
     */
    Optional<Entry> get(StoreKey key);

    /**
     * Reads all that is strictly below a key.
     *
     * @param parent the key
     * @return a consistent snapshot
     * @throws PodnetException.TimedOut where the store does not answer
     */
    Snapshot list(StoreKey parent);

    /**
     * Writes an entry that stays until it is deleted. It is not bound to a session any more, if it was.
     *
     * @param key the key
     * @param value at most {@link #MAX_VALUE_BYTES}
     * @param expect what must be there
     * @return applied or refused
     * @throws PodnetException.Invalid where the value is too long
     * @throws PodnetException.TimedOut where the store does not answer; the write may have been made
     */
    WriteResult put(StoreKey key, String value, Expect expect);

    /**
     * Writes an entry that is deleted when a session ends. An entry is bound to the session of its last write.
     *
     * @param key the key
     * @param value at most {@link #MAX_VALUE_BYTES}
     * @param expect what must be there
     * @param session a session of this store
     * @return applied, refused, or fenced where the session is lost
     * @throws PodnetException.Invalid where the value is too long
     * @throws PodnetException.TimedOut where the store does not answer; the write may have been made
     */
    WriteResult put(StoreKey key, String value, Expect expect, StoreSession session);

    /**
     * Deletes an entry.
     *
     * @param key the key
     * @param expect the revision that must be there; with {@link Expect#ABSENT} nothing is ever changed
     * @return applied or refused
     * @throws PodnetException.TimedOut where the store does not answer; the deletion may have been made
     */
    WriteResult delete(StoreKey key, Expect expect);

    /**
     * Opens a session, which is kept alive until it is closed, lost, or this store is closed. It supersedes an earlier session
     * of the same owner: that one is lost, what is bound to it stays until its time to live has run out, so that a restarted
     * owner can take it again before.
     *
     * @param owner who, one session at a time: a node's name
     * @param timeToLive how long the store waits for a sign of life, 1 s to 1 day; it may wait longer
     * @param onLost called once where the session is lost, on no thread of the transport; not after
     *     {@link StoreSession#close}
     * @return the session
     * @throws PodnetException.Invalid for a time outside the range
     * @throws PodnetException.TimedOut where the store does not answer
     */
    StoreSession openSession(String owner, Duration timeToLive, Runnable onLost);

    /**
     * Watches all that is strictly below a key. Returns at once; the snapshot comes when the store answers, however long that
     * takes.
     *
     * @param parent the key
     * @param observer told of everything
     * @return ends the watch
     */
    StoreWatch watch(StoreKey parent, StoreObserver observer);

    /** Ends watches and stops keeping sessions alive; what is bound to them stays for their time to live. Idempotent. */
    @Override
    void close();

    /**
     * Checks a value's length, for providers.
     *
     * @param key whose value, for the message
     * @param value the value
     * @throws PodnetException.Invalid where it is too long
     */
    static void checkValue(StoreKey key, String value) {
        if (value.length() > MAX_VALUE_BYTES || value.getBytes(StandardCharsets.UTF_8).length > MAX_VALUE_BYTES) {
            throw new PodnetException.Invalid("the value for store key " + key + " has more than " + MAX_VALUE_BYTES
                    + " bytes; split it into several entries");
        }
    }

    /**
     * Checks a time to live, for providers.
     *
     * @param timeToLive the time
     * @throws PodnetException.Invalid where it is outside 1 s to 1 day
     */
    static void checkTimeToLive(Duration timeToLive) {
        if (timeToLive.compareTo(Duration.ofSeconds(1)) < 0 || timeToLive.compareTo(Duration.ofDays(1)) > 0) {
            throw new PodnetException.Invalid("time to live " + timeToLive + " is not in PT1S..PT24H");
        }
    }
}
