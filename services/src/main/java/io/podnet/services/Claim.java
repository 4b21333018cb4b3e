package io.podnet.services;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.Protocol;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A destination that one service port at a time may have.
 *
 * @param family the family
 * @param ip an address of the service; null for a port of the node's own addresses
 * @param port the port, 1 to 65535
 * @param protocol the protocol
 */
public record Claim(IpFamily family, @Nullable IpAddress ip, int port, Protocol protocol) {
    public Claim {
        Objects.requireNonNull(family, "family");
        Objects.requireNonNull(protocol, "protocol");
    }

    static Claim address(IpAddress ip, int port, Protocol protocol) {
        return new Claim(ip.family(), ip, port, protocol);
    }

    static Claim nodePort(IpFamily family, int port, Protocol protocol) {
        return new Claim(family, null, port, protocol);
    }

    /**
     * Gives the address.
     *
     * @return the service's address; empty for a port of the node's own
     */
    public Optional<IpAddress> address() {
        return Optional.ofNullable(ip);
    }

    // Every packet and every service looks claims up; the generated methods are slow until they are compiled.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Claim claim
                && port == claim.port
                && protocol == claim.protocol
                && family == claim.family
                && (ip == null ? claim.ip == null : claim.ip != null && ip.compareTo(claim.ip) == 0);
    }

    @Override
    public int hashCode() {
        long address = ip == null ? family.bits() : ip.high() * 31 + ip.low();
        return (Long.hashCode(address) * 31 + port) * 31 + protocol.number();
    }

    /**
     * Writes the claim.
     *
     * @return for example {@code 10.96.0.1:80/TCP} or {@code IPV4 node port 30080/TCP}
     */
    @Override
    public String toString() {
        String where = ip == null
                ? family + " node port " + port
                : (family == IpFamily.IPV6 ? "[" + ip + "]" : ip.toString()) + ":" + port;
        return where + "/" + protocol;
    }
}
