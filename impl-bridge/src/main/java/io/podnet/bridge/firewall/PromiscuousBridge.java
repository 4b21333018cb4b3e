package io.podnet.bridge.firewall;

import io.podnet.api.IpAddress;
import io.podnet.api.MacAddress;
import java.util.List;
import java.util.Objects;

/**
 * A bridge in promiscuous mode gets a copy of what pods send each other, and the host would send it a second time.
 * kubenet's remedy is taken over: frames that the bridge itself sends with a pod's address as source are dropped.
 *
 * @param mac the bridge's address
 * @param gateways the bridge's own IP addresses, which lie in the pod networks too and may send
 */
public record PromiscuousBridge(MacAddress mac, List<IpAddress> gateways) {
    public PromiscuousBridge {
        Objects.requireNonNull(mac, "mac");
        gateways = List.copyOf(gateways);
    }
}
