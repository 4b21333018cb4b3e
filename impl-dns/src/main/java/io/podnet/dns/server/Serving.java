package io.podnet.dns.server;

import io.podnet.dns.answer.ServerSettings;
import io.podnet.dns.index.IndexModel;
import io.podnet.dns.index.PodNames;
import io.podnet.dns.index.RecordIndex;
import io.podnet.dns.index.Zone;
import io.podnet.dns.wire.RecordType;
import io.podnet.dns.wire.ResponseCode;
import io.podnet.dns.wire.WireName;
import io.podnet.spi.NameResolver.QueryListener;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** What all event loops share: the index, the forwarder, and who listens. Safe for any thread. */
public final class Serving {
    private final IndexModel model;
    private final Zone zone;
    private final PodNames podNames;
    private final ServerSettings settings;
    private final Forwarder forwarder;
    private final CopyOnWriteArrayList<QueryListener> listeners = new CopyOnWriteArrayList<>();
    private volatile int ttl;

    /**
     * Prepares.
     *
     * @param model where the index is
     * @param zone the zones
     * @param podNames which names of pods exist
     * @param settings what the server says of itself
     * @param ttl seconds that answers may be kept
     * @param forwarder what answers other names
     */
    public Serving(
            IndexModel model, Zone zone, PodNames podNames, ServerSettings settings, int ttl, Forwarder forwarder) {
        this.model = model;
        this.zone = zone;
        this.podNames = podNames;
        this.settings = settings;
        this.ttl = ttl;
        this.forwarder = forwarder;
    }

    RecordIndex index() {
        return model.index();
    }

    Zone zone() {
        return zone;
    }

    PodNames podNames() {
        return podNames;
    }

    ServerSettings settings() {
        return settings;
    }

    Forwarder forwarder() {
        return forwarder;
    }

    int ttl() {
        return ttl;
    }

    /**
     * Changes how long answers may be kept.
     *
     * @param seconds 0 or more
     */
    public void ttl(int seconds) {
        ttl = seconds;
    }

    /**
     * Adds who wants to know of queries.
     *
     * @param listener the listener
     */
    public void addListener(QueryListener listener) {
        listeners.add(listener);
    }

    /**
     * Takes a listener away. Idempotent; calls that are under way may still end.
     *
     * @param listener the listener
     */
    public void removeListener(QueryListener listener) {
        listeners.remove(listener);
    }

    boolean listening() {
        return !listeners.isEmpty();
    }

    void tell(Client client, byte[] name, int type, int code, long nanos) {
        if (listeners.isEmpty() || !client.heard()) {
            return;
        }
        String text = WireName.text(name, 0);
        for (QueryListener listener : listeners) {
            listener.onQuery(
                    client.pod().map(PodView::pod),
                    text,
                    RecordType.mnemonic(type),
                    ResponseCode.mnemonic(code),
                    nanos);
        }
    }

    /** A pod, or everybody who is none. */
    Client client(Optional<PodView> pod) {
        return new Client(pod, forwarder.recursion(pod.map(PodView::pod)), true);
    }

    /** A client whose queries nobody hears of: a pod in whose place somebody else asks. */
    Client unheard(Optional<PodView> pod) {
        return new Client(pod, forwarder.recursion(pod.map(PodView::pod)), false);
    }
}
