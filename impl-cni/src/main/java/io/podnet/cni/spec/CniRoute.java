package io.podnet.cni.spec;

import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A route in a result or in the configuration of an IPAM plugin. What comes after the gateway is there since 1.1.0.
 *
 * @param destination the destination
 * @param gateway the next hop; empty for the address's own gateway
 * @param mtu MTU along the route in bytes; 0 where it is not told
 * @param advmss the maximal segment size to advertise in bytes; 0 where it is not told
 * @param priority the metric, lower wins; 0 where it is not told
 * @param table the routing table; empty for main
 * @param scope the scope: 0 global, 253 link, 254 host; empty where it is not told
 */
public record CniRoute(
        InterfaceAddress destination,
        Optional<IpAddress> gateway,
        int mtu,
        int advmss,
        int priority,
        OptionalInt table,
        OptionalInt scope) {
    /**
     * Makes a plain route.
     *
     * @param destination the destination
     * @param gateway the next hop; empty for the address's own gateway
     */
    public CniRoute(InterfaceAddress destination, Optional<IpAddress> gateway) {
        this(destination, gateway, 0, 0, 0, OptionalInt.empty(), OptionalInt.empty());
    }

    /**
     * Reads a route.
     *
     * @param json the object
     * @return the route
     * @throws CniException with code 7 where a field is of the wrong kind
     */
    public static CniRoute read(JsonObject json) {
        return ResultReader.route(json);
    }
}
