package io.podnet.dns.server;

import io.podnet.api.PodnetException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Queries from within the process, handled as a pod's are. Safe for any thread. */
public final class DirectQuery {
    private static final int WAIT_SECONDS = 6;

    private final Serving serving;
    private final Client client;

    /**
     * Prepares.
     *
     * @param serving what to answer from
     * @param pod in whose place to ask, unheard by listeners; empty for nobody in particular
     */
    public DirectQuery(Serving serving, Optional<PodView> pod) {
        this.serving = serving;
        this.client = pod.isPresent() ? serving.unheard(pod) : serving.client(pod);
    }

    /**
     * Asks and waits, for a name outside at most 6 seconds.
     *
     * @param query a whole query message
     * @return a whole answer
     * @throws PodnetException.TimedOut where nothing came
     */
    public byte[] ask(byte[] query) {
        CompletableFuture<byte[]> later = new CompletableFuture<>();
        byte[] into = new byte[0x10000];
        int answered = new Desk(serving)
                .handle(
                        query,
                        query.length,
                        true,
                        client,
                        into,
                        () -> (answer, length) -> later.complete(Arrays.copyOf(answer, length)));
        if (answered > 0) {
            return Arrays.copyOf(into, answered);
        }
        try {
            byte[] answer = later.get(WAIT_SECONDS, TimeUnit.SECONDS);
            if (answer.length > 0) {
                return answer;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new PodnetException.TimedOut("no answer within " + WAIT_SECONDS + " s");
        }
        throw new PodnetException.TimedOut("the query was given up");
    }
}
