/**
 * Typed rtnetlink (man 7 rtnetlink): links, bridge ports, addresses, routes, rules, neighbours and forwarding entries of
 * one network namespace, entered through {@link io.podnet.netlink.route.RouteNetlink}. Every operation is also to be had
 * as a {@link io.podnet.netlink.socket.NetlinkRequest}, for batches. This room knows the kernel's objects, not what they
 * are for: no pod, no node, no naming scheme.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@NullMarked
package io.podnet.netlink.route;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
