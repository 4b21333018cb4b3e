package io.podnet.netlink.codec;

/**
 * A message or attribute says a length that its surroundings can not hold, or a value has not the size that its type
 * needs. Callers above the codec see it as a {@link io.podnet.api.PodnetException.KernelRejected} with EBADMSG.
 */
public final class MalformedMessageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what is wrong, at which byte
     */
    public MalformedMessageException(String message) {
        super(message);
    }
}
