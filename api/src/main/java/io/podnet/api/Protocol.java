package io.podnet.api;

/** A transport protocol, as in Kubernetes' {@code Protocol}. */
@API(status = API.Status.STABLE, since = "0.1")
public enum Protocol {
    /** Transmission Control Protocol. */
    TCP(6),
    /** User Datagram Protocol. */
    UDP(17),
    /** Stream Control Transmission Protocol. */
    SCTP(132);

    private final int number;

    Protocol(int number) {
        this.number = number;
    }

    /**
     * Gives the number in the IP header.
     *
     * @return IANA protocol number
     */
    public int number() {
        return number;
    }
}
