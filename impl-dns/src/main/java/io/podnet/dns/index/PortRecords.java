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
    /** How many endpoints there are; 0 for the port of a cluster IP. */
    private final int count;
    /** Their indexes; null where they are all endpoints in order. */
    private final int @Nullable [] endpoints;
    /** Their numbers; null where they have the same. */
    private final int @Nullable [] numbers;

    private PortRecords(
            byte @Nullable [] name, int number, int count, int @Nullable [] endpoints, int @Nullable [] numbers) {
        this.name = name == null ? UNNAMED : name;
        this.protocolAt = name == null ? 0 : 1 + name[0];
        this.number = number;
        this.count = count;
        this.endpoints = endpoints;
        this.numbers = numbers;
    }

    /** A port of a cluster IP. */
    static PortRecords virtual(byte @Nullable [] name, int number) {
        return new PortRecords(name, number, 0, null, null);
    }

    /** A port of endpoints: each of them by its index, with its own number. */
    static PortRecords ofEndpoints(byte @Nullable [] name, int[] endpoints, int[] numbers) {
        boolean inOrder = true;
        boolean same = true;
        for (int i = 0; i < endpoints.length; i++) {
            inOrder &= endpoints[i] == i;
            same &= numbers[i] == numbers[0];
        }
        return new PortRecords(name, numbers[0], endpoints.length, inOrder ? null : endpoints, same ? null : numbers);
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
        return Math.max(1, count);
    }

    /**
     * Gives an SRV record's endpoint.
     *
     * @param target 0 to {@link #targets()} - 1
     * @return the endpoint's index, or -1 for the service itself
     */
    public int endpoint(int target) {
        return count == 0 ? -1 : endpoints == null ? target : endpoints[target];
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
