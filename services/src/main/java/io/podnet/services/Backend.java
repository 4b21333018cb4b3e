package io.podnet.services;

import io.podnet.api.IpAddress;
import java.util.Comparator;
import java.util.Objects;

/**
 * Where a connection may be sent.
 *
 * @param ip the endpoint's address
 * @param port its port, 1 to 65535
 */
public record Backend(IpAddress ip, int port) implements Comparable<Backend> {
    private static final Comparator<Backend> ORDER =
            Comparator.comparing(Backend::ip).thenComparingInt(Backend::port);

    public Backend {
        Objects.requireNonNull(ip, "ip");
    }

    @Override
    public int compareTo(Backend other) {
        return ORDER.compare(this, other);
    }
}
