package io.podnet.dns.index;

import io.podnet.api.ServiceId;
import io.podnet.dns.wire.WireName;
import java.util.Arrays;

/** A service's two labels, its name's and its namespace's, as a message has them one behind the other. Immutable. */
public final class ServiceKey {
    private final byte[] octets;

    ServiceKey(ServiceId id) {
        this.octets = WireName.labels(id.name(), id.namespace());
    }

    /**
     * Gives the labels.
     *
     * @return lengths and octets, without the root's zero; not to be changed
     */
    public byte[] octets() {
        return octets;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ServiceKey key && Arrays.equals(octets, key.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }
}
