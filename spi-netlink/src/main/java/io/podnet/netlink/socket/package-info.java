/**
 * Talking netlink with the kernel: {@link io.podnet.netlink.socket.NetlinkTransport} moves datagrams,
 * {@link io.podnet.netlink.socket.NetlinkConversation} turns them into requests with answers, dumps and batches, and
 * {@link io.podnet.netlink.socket.NetlinkEvents} listens to changes, on a
 * {@link io.podnet.netlink.socket.ListeningThread} where nobody else waits for them. A socket belongs for ever to the network namespace
 * of the thread that opened it and may be used by any thread afterwards. This room knows no message family: links,
 * routes and tables have rooms of their own.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@NullMarked
package io.podnet.netlink.socket;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
