/**
 * Stream sockets of AF_UNIX with what the JDK's do not have: {@link io.podnet.netlink.unix.UnixListener} accepts
 * connections, {@link io.podnet.netlink.unix.UnixConnection} says who is at the other end (SO_PEERCRED) and takes
 * descriptors that come along (SCM_RIGHTS). This room knows bytes, descriptors and deadlines; not what is said.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@NullMarked
package io.podnet.netlink.unix;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
