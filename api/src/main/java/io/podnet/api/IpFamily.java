package io.podnet.api;

/** An IP family, as in Kubernetes' {@code IPFamily}. */
@API(status = API.Status.STABLE, since = "0.1")
public enum IpFamily {
    /** IPv4, 32 bits. */
    IPV4(32),
    /** IPv6, 128 bits. */
    IPV6(128);

    private final int bits;

    IpFamily(int bits) {
        this.bits = bits;
    }

    /**
     * Gives an address's width.
     *
     * @return bits of an address: 32 or 128
     */
    public int bits() {
        return bits;
    }
}
