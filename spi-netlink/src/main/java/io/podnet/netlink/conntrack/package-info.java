/**
 * The connections that the kernel tracks, over nfnetlink (linux/netfilter/nfnetlink_conntrack.h):
 * {@link io.podnet.netlink.conntrack.UdpConnections} lists UDP flows and forgets those that a new translation should have
 * caught. This room only reads and forgets, it makes and changes no connection. It knows nothing of pods or services.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@NullMarked
package io.podnet.netlink.conntrack;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
