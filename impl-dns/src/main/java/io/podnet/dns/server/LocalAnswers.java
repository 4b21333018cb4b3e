package io.podnet.dns.server;

/**
 * Answers from the record index alone, for whoever needs to know what the cluster says to another name. Safe for any
 * thread.
 */
@FunctionalInterface
public interface LocalAnswers {
    /** The name is not ours to answer. */
    int NOT_OURS = 0;

    /**
     * Answers a query.
     *
     * @param query a whole query message
     * @param length its octets
     * @param answer where to write; 65535 octets always suffice
     * @return the answer's octets; {@link #NOT_OURS} where the name, or an alias' target, is not in the index' zones
     */
    int answer(byte[] query, int length, byte[] answer);
}
