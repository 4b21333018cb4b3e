/**
 * What the node does to the packets of its pods: masquerade, host ports, anti-spoofing.
 * {@link io.podnet.bridge.firewall.PacketFilter} is the interface, and
 * {@link io.podnet.bridge.firewall.NftablesPacketFilter} does it with two nf_tables tables of its own, in which a pod is
 * nothing but elements of sets that carry its attachment as comment. This room makes no links, addresses or routes, keeps
 * no state besides the kernel's, and never enters a namespace: it is given a socket.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.bridge.firewall;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
