package io.podnet.dns.server;

import io.podnet.dns.answer.Responder;
import io.podnet.dns.answer.ServerSettings;
import io.podnet.dns.index.IndexModel;
import io.podnet.dns.index.PodNames;
import io.podnet.dns.index.Zone;

/** The index' own answers for other threads than the server's. Safe for any thread. */
public final class IndexAnswers implements LocalAnswers {
    private final IndexModel model;
    private final Zone zone;
    private final PodNames podNames;
    private final ServerSettings settings;
    private final int ttl;

    /**
     * Prepares.
     *
     * @param model where the index is
     * @param zone the zones
     * @param podNames which names of pods exist
     * @param settings what the server says of itself
     * @param ttl seconds that answers may be kept
     */
    public IndexAnswers(IndexModel model, Zone zone, PodNames podNames, ServerSettings settings, int ttl) {
        this.model = model;
        this.zone = zone;
        this.podNames = podNames;
        this.settings = settings;
        this.ttl = ttl;
    }

    @Override
    public int answer(byte[] query, int length, byte[] answer) {
        int answered =
                new Responder(zone, podNames, settings).respond(model.index(), query, length, true, ttl, true, answer);
        return Math.max(answered, NOT_OURS);
    }
}
