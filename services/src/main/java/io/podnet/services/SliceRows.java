package io.podnet.services;

import io.podnet.api.EndpointSlice;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the model keeps of an {@link EndpointSlice}: an address and a byte for each endpoint. Everything that a node
 * asks about an endpoint fits there, since its own name and zone never change.
 */
final class SliceRows {
    static final int READY = 1;
    static final int SERVING = 1 << 1;
    static final int TERMINATING = 1 << 2;
    static final int LOCAL = 1 << 3;
    static final int NODE_HINTS = 1 << 4;
    static final int HINTS_THIS_NODE = 1 << 5;
    static final int ZONE_HINTS = 1 << 6;
    static final int HINTS_THIS_ZONE = 1 << 7;

    final String name;
    final IpFamily family;
    final List<EndpointSlice.Port> ports;
    private final IpAddress[] addresses;
    private final byte[] flags;

    private SliceRows(
            String name, IpFamily family, List<EndpointSlice.Port> ports, IpAddress[] addresses, byte[] flags) {
        this.name = name;
        this.family = family;
        this.ports = ports;
        this.addresses = addresses;
        this.flags = flags;
    }

    /** Takes what counts of a slice; endpoints whose address is of the other family do not. */
    static SliceRows of(EndpointSlice slice, ModelSettings settings) {
        int size = slice.endpoints().size();
        IpAddress[] addresses = new IpAddress[size];
        byte[] flags = new byte[size];
        int count = 0;
        for (EndpointSlice.Endpoint endpoint : slice.endpoints()) {
            IpAddress address = endpoint.addresses().get(0);
            if (address.family() == slice.addressType()) {
                addresses[count] = address;
                flags[count++] = (byte) flags(endpoint, settings);
            }
        }
        boolean all = count == size;
        return new SliceRows(
                slice.name(),
                slice.addressType(),
                slice.ports(),
                all ? addresses : Arrays.copyOf(addresses, count),
                all ? flags : Arrays.copyOf(flags, count));
    }

    private static int flags(EndpointSlice.Endpoint endpoint, ModelSettings settings) {
        return (endpoint.ready() ? READY : 0)
                | (endpoint.serving() ? SERVING : 0)
                | (endpoint.terminating() ? TERMINATING : 0)
                | (is(endpoint.nodeName(), settings.nodeName()) ? LOCAL : 0)
                | (endpoint.hintNodes().isEmpty() ? 0 : NODE_HINTS)
                | (endpoint.hintNodes().contains(settings.nodeName()) ? HINTS_THIS_NODE : 0)
                | (endpoint.hintZones().isEmpty() ? 0 : ZONE_HINTS)
                | (contains(endpoint.hintZones(), settings.zone()) ? HINTS_THIS_ZONE : 0);
    }

    private static boolean is(Optional<String> name, String wanted) {
        return name.isPresent() && name.get().equals(wanted);
    }

    private static boolean contains(List<String> names, Optional<String> wanted) {
        return wanted.isPresent() && names.contains(wanted.get());
    }

    int size() {
        return addresses.length;
    }

    IpAddress address(int row) {
        return addresses[row];
    }

    int flags(int row) {
        return flags[row] & 0xff;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SliceRows rows
                && name.equals(rows.name)
                && family == rows.family
                && ports.equals(rows.ports)
                && Arrays.equals(flags, rows.flags)
                && Arrays.equals(addresses, rows.addresses);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Arrays.hashCode(addresses);
    }
}
