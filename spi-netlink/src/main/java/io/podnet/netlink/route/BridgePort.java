package io.podnet.netlink.route;

/**
 * A bridge port's settings as the kernel shows them.
 *
 * @param linkIndex interface index of the port
 * @param bridgeIndex interface index of the bridge
 * @param hairpin whether packets may leave by the port that they came in by
 * @param learning whether source addresses are learned
 * @param unicastFlood whether packets for unknown addresses are sent to it
 * @param neighbourSuppression whether ARP and neighbour discovery are answered from the bridge's own entries
 * @param isolated whether it can talk to ports that are not isolated only
 */
public record BridgePort(
        int linkIndex,
        int bridgeIndex,
        boolean hairpin,
        boolean learning,
        boolean unicastFlood,
        boolean neighbourSuppression,
        boolean isolated) {}
