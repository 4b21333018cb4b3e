package io.podnet.dns.index;

import org.jspecify.annotations.Nullable;

/**
 * A port of a service, for SRV records. Immutable; the arrays that it gives are not to be changed.
 */
public final class PortRecords {
    private static final byte[] UNNAMED = new byte[0];

    private final byte[] name;
    private final int protocolAt;
    private final int number;
    private final int @Nullable [] endpoints;
    private final int @Nullable [] numbers;

    private PortRecords(byte[] name, int protocolAt, int number, int @Nullable [] endpoints, int @Nullable [] numbers) {
        this.name = name;
        this.protocolAt = protocolAt;
        this.number = number;
        this.endpoints = endpoints;
        this.numbers = numbers;
    }

    /** A port of a cluster IP. */
    static PortRecords virtual(byte @Nullable [] name, int number) {
        return new PortRecords(name == null ? UNNAMED : name, name == null ? 0 : 1 + name[0], number, null, null);
    }

    /** A port of endpoints: each of them by its index, with its own number. */
    static PortRecords ofEndpoints(byte @Nullable [] name, int[] endpoints, int[] numbers) {
        return new PortRecords(name == null ? UNNAMED : name, name == null ? 0 : 1 + name[0], 0, endpoints, numbers);
    }

    /**
     * Gives its two labels, for example {@code _http} and {@code _tcp}.
     *
     * @return labels with their lengths, without the root's zero; nothing for a port without a name
     */
    public byte[] name() {
        return name;
    }

    /**
     * Tells where the protocol's label begins.
     *
     * @return an offset in {@link #name()}
     */
    public int protocolAt() {
        return protocolAt;
    }

    /**
     * Counts its SRV records.
     *
     * @return at least 1
     */
    public int targets() {
        return endpoints == null ? 1 : endpoints.length;
    }

    /**
     * Gives an SRV record's endpoint.
     *
     * @param target 0 to {@link #targets()} - 1
     * @return the endpoint's index, or -1 for the service itself
     */
    public int endpoint(int target) {
        return endpoints == null ? -1 : endpoints[target];
    }

    /**
     * Gives an SRV record's port.
     *
     * @param target 0 to {@link #targets()} - 1
     * @return 1 to 65535
     */
    public int number(int target) {
        return numbers == null ? number : numbers[target];
    }
}
