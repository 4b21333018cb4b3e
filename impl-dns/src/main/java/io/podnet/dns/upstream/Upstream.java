package io.podnet.dns.upstream;

import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * A server that names are forwarded to.
 *
 * @param address its address
 * @param port its port, 1 to 65535
 */
public record Upstream(IpAddress address, int port) {
    /** Where DNS servers listen. */
    public static final int DEFAULT_PORT = 53;

    public Upstream {
        Objects.requireNonNull(address, "address");
        if (port < 1 || port > 65_535) {
            throw new PodnetException.Invalid("port " + port + " of upstream " + address + " is not in 1..65535");
        }
        if (address.isUnspecified() || address.isMulticast()) {
            throw new PodnetException.Invalid("upstream " + address + " is no address of one server");
        }
    }

    /**
     * Makes an upstream at the usual port.
     *
     * @param address its address
     * @return the upstream
     */
    public static Upstream of(IpAddress address) {
        return new Upstream(address, DEFAULT_PORT);
    }

    InetSocketAddress socketAddress() {
        return new InetSocketAddress(address.toInetAddress(), port);
    }

    @Override
    public String toString() {
        return port == DEFAULT_PORT ? address.toString() : address + "#" + port;
    }
}
