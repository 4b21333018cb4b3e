package io.podnet.dns.index;

import io.podnet.api.EndpointSlice;
import io.podnet.dns.wire.WireName;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the model keeps of an endpoint slice: addresses, readiness, host names, packed. Immutable. */
final class SliceRecords {
    private final String name;
    private final byte[] addresses;
    private final int family;
    private final boolean[] ready;
    private final byte @Nullable [] @Nullable [] hostnames;
    private final List<EndpointSlice.Port> ports;

    private SliceRecords(
            String name,
            byte[] addresses,
            int family,
            boolean[] ready,
            byte @Nullable [] @Nullable [] hostnames,
            List<EndpointSlice.Port> ports) {
        this.name = name;
        this.addresses = addresses;
        this.family = family;
        this.ready = ready;
        this.hostnames = hostnames;
        this.ports = ports;
    }

    static SliceRecords of(EndpointSlice slice) {
        int count = slice.endpoints().size();
        int family = slice.addressType().bits() / 8;
        byte[] addresses = new byte[count * family];
        boolean[] ready = new boolean[count];
        byte @Nullable [] @Nullable [] hostnames = slice.endpoints().stream()
                        .anyMatch(endpoint -> endpoint.hostname().isPresent())
                ? new byte[count][]
                : null;
        for (int i = 0; i < count; i++) {
            EndpointSlice.Endpoint endpoint = slice.endpoints().get(i);
            System.arraycopy(endpoint.addresses().get(0).toBytes(), 0, addresses, i * family, family);
            ready[i] = endpoint.ready();
            if (hostnames != null && endpoint.hostname().isPresent()) {
                hostnames[i] = WireName.labels(endpoint.hostname().get());
            }
        }
        return new SliceRecords(slice.name(), addresses, family, ready, hostnames, slice.ports());
    }

    String name() {
        return name;
    }

    List<EndpointSlice.Port> ports() {
        return ports;
    }

    int endpoints() {
        return ready.length;
    }

    boolean ready(int endpoint) {
        return ready[endpoint];
    }

    byte[] address(int endpoint) {
        return Arrays.copyOfRange(addresses, endpoint * family, (endpoint + 1) * family);
    }

    /** The label that an endpoint is found by: its host name, else its address. */
    byte[] label(int endpoint) {
        byte[] hostname = hostnames == null ? null : hostnames[endpoint];
        return hostname != null ? hostname : DashedAddress.label(address(endpoint));
    }
}
