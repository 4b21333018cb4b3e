package io.podnet.overlay.model;

import io.podnet.api.IpAddress;
import io.podnet.api.MacAddress;

/**
 * A VXLAN device that should be. It has no parent link, so that it outlives every link, no learning, no group and no default
 * destination, so that it never floods.
 *
 * @param device its name
 * @param vni network identifier
 * @param port UDP port
 * @param local the node's underlay address
 * @param mac its Ethernet address, the same after every restart
 * @param mtu bytes of the largest inner packet
 */
public record Tunnel(String device, int vni, int port, IpAddress local, MacAddress mac, int mtu) {}
