/**
 * Bytes of netlink messages: {@link io.podnet.netlink.codec.MessageWriter} lays requests out in a direct buffer,
 * {@link io.podnet.netlink.codec.MessageReader} walks replies, neither leaves garbage behind. Formats are those of
 * linux/netlink.h and RFC 3549. This room knows no socket, no system call and no message family.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.netlink.codec;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
