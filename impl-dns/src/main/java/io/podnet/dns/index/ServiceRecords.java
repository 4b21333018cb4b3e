package io.podnet.dns.index;

import io.podnet.dns.wire.Octets;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that the names of one service stand for, packed: addresses and labels as a message has them. Immutable; the arrays
 * that it gives are not to be changed.
 */
public final class ServiceRecords implements NameTable.Entry {
    private static final byte[] NOTHING = new byte[0];
    private static final int[] NOWHERE = new int[0];

    private final ServiceKey key;
    private final byte[] v4;
    private final byte[] v6;
    /** The endpoints' addresses; the same as the service's, unless two endpoints share one. */
    private final byte[] endpoints4;

    private final byte[] endpoints6;
    private final List<PortRecords> ports;
    private final byte @Nullable [] externalName;
    /** Labels of the endpoints, sorted, one behind the other; empty where the service has a cluster IP. */
    private final byte[] labels;

    private final int[] labelAt;
    /** Null where each endpoint has one address of the family, or none has. */
    private final int @Nullable [] v4At;

    private final int @Nullable [] v6At;

    private ServiceRecords(
            ServiceKey key,
            byte[] v4,
            byte[] v6,
            List<PortRecords> ports,
            byte @Nullable [] externalName,
            byte[] labels,
            int[] labelAt,
            int[] v4At,
            int[] v6At) {
        this.key = key;
        this.v4 = distinct(v4, 4);
        this.v6 = distinct(v6, 16);
        this.endpoints4 = v4;
        this.endpoints6 = v6;
        this.ports = List.copyOf(ports);
        this.externalName = externalName;
        this.labels = labels;
        this.labelAt = labelAt;
        this.v4At = isRegular(v4At, v4.length, 4) ? null : v4At;
        this.v6At = isRegular(v6At, v6.length, 16) ? null : v6At;
    }

    private static boolean isRegular(int[] at, int octets, int family) {
        boolean regular = true;
        for (int i = 0; i < at.length && octets > 0; i++) {
            regular &= at[i] == i * family;
        }
        return regular;
    }

    private static byte[] distinct(byte[] packed, int family) {
        if (packed.length <= family) {
            return packed;
        }
        Set<ByteBuffer> addresses = new LinkedHashSet<>();
        for (int i = 0; i < packed.length; i += family) {
            addresses.add(ByteBuffer.wrap(packed, i, family));
        }
        if (addresses.size() * family == packed.length) {
            return packed;
        }
        ByteBuffer kept = ByteBuffer.allocate(addresses.size() * family);
        addresses.forEach(kept::put);
        return kept.array();
    }

    static ServiceRecords virtual(ServiceKey key, byte[] v4, byte[] v6, List<PortRecords> ports) {
        return new ServiceRecords(key, v4, v6, ports, null, NOTHING, NOWHERE, NOWHERE, NOWHERE);
    }

    static ServiceRecords external(ServiceKey key, byte[] target) {
        return new ServiceRecords(key, NOTHING, NOTHING, List.of(), target, NOTHING, NOWHERE, NOWHERE, NOWHERE);
    }

    /** Endpoints by label; the arrays of positions have one element more than there are endpoints. */
    static ServiceRecords headless(ServiceKey key, EndpointColumns endpoints, List<PortRecords> ports) {
        return new ServiceRecords(
                key,
                endpoints.v4(),
                endpoints.v6(),
                ports,
                null,
                endpoints.labels(),
                endpoints.labelAt(),
                endpoints.v4At(),
                endpoints.v6At());
    }

    /** Columns of a table of endpoints: each {@code At} tells where an endpoint's part of a column begins, and ends. */
    @SuppressWarnings("ArrayRecordComponent") // Handed over once, compared by nobody.
    record EndpointColumns(byte[] labels, int[] labelAt, byte[] v4, int[] v4At, byte[] v6, int[] v6At) {}

    @Override
    public byte[] key() {
        return key.octets();
    }

    /**
     * Gives the alias of an ExternalName service.
     *
     * @return the target, or null for all others
     */
    public byte @Nullable [] externalName() {
        return externalName;
    }

    /**
     * Tells whether it is headless: its addresses are its endpoints'.
     *
     * @return false where it has cluster IPs or is an alias
     */
    public boolean headless() {
        return labelAt.length > 0;
    }

    /**
     * Gives the addresses of the service's own name.
     *
     * @param family 4 or 16, the octets of an address
     * @return addresses one behind the other, without duplicates
     */
    public byte[] addresses(int family) {
        return family == 4 ? v4 : v6;
    }

    /**
     * Gives the ports that have a name, and those that have none.
     *
     * @return the ports
     */
    public List<PortRecords> ports() {
        return ports;
    }

    /**
     * Counts the endpoints that have names.
     *
     * @return 0 where the service is not headless
     */
    public int endpoints() {
        return Math.max(0, labelAt.length - 1);
    }

    /**
     * Finds an endpoint by its label.
     *
     * @param name where the label is
     * @param from offset of its length octet
     * @return its index, or less than 0
     */
    public int endpoint(byte[] name, int from) {
        int low = 0;
        int high = endpoints() - 1;
        int end = from + (name[from] & 0xff) + 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Arrays.compare(labels, labelAt[middle], labelAt[middle + 1], name, from, end);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    /**
     * Finds the next endpoint that has an address.
     *
     * @param family 4 or 16, the octets of the address
     * @param high the address' upper 64 bits; an IPv4 address is the upper 32 of them
     * @param low the lower 64 bits
     * @param after the index of the endpoint to go on after, -1 to begin
     * @return its index, or -1 where there is no further one
     */
    public int endpointWith(int family, long high, long low, int after) {
        byte[] packed = endpointAddresses(family);
        for (int i = after + 1; i < endpoints(); i++) {
            int end = addressesAt(family, i + 1);
            for (int offset = addressesAt(family, i); offset < end; offset += family) {
                if (family == 4
                        ? Octets.u32(packed, offset) == high >>> 32
                        : word(packed, offset) == high && word(packed, offset + 8) == low) {
                    return i;
                }
            }
        }
        return -1;
    }

    private static long word(byte[] octets, int at) {
        return (Octets.u32(octets, at) << 32) | Octets.u32(octets, at + 4);
    }

    /**
     * Gives the addresses of all endpoints.
     *
     * @param family 4 or 16
     * @return addresses one behind the other, in the order of the endpoints
     */
    public byte[] endpointAddresses(int family) {
        return family == 4 ? endpoints4 : endpoints6;
    }

    /**
     * Tells where an endpoint's addresses begin in {@link #endpointAddresses}.
     *
     * @param family 4 or 16
     * @param endpoint an index; {@link #endpoints()} for the end of the last
     * @return an offset
     */
    public int addressesAt(int family, int endpoint) {
        int[] at = family == 4 ? v4At : v6At;
        return at != null ? at[endpoint] : endpointAddresses(family).length == 0 ? 0 : endpoint * family;
    }

    /**
     * Gives all endpoints' labels.
     *
     * @return labels with their lengths, one behind the other
     */
    public byte[] labels() {
        return labels;
    }

    /**
     * Tells where an endpoint's label begins in {@link #labels()}.
     *
     * @param endpoint an index; {@link #endpoints()} for the end of the last
     * @return an offset
     */
    public int labelAt(int endpoint) {
        return labelAt[endpoint];
    }
}
