/**
 * The one seam to the C library: {@link io.podnet.netlink.libc.Libc} turns each failed call into {@code -errno} at once,
 * on the calling thread. Addresses are plain {@code long}s, so that a call costs no garbage. This room knows nothing of
 * netlink, namespaces or pods.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.netlink.libc;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
