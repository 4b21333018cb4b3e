package io.podnet.dns.response;

/** What an upstream server's message came to. */
public sealed interface Response {
    /**
     * An answer, positive or negative.
     *
     * @param image the answer in our own writing
     */
    record Answer(Image image) implements Response {}

    /**
     * The server answered, but nothing of use: an error code, a referral to somebody else, a circle.
     *
     * @param rcode the response code
     */
    record Failure(int rcode) implements Response {}

    /** The bytes are no message; they may be somebody's who guessed, so the right one may still come. */
    record Malformed() implements Response {
        static final Malformed INSTANCE = new Malformed();
    }
}
