/**
 * The one seam to the C library: {@link io.podnet.netlink.libc.Libc} turns each failed call into {@code -errno} at once,
 * on the calling thread. Addresses are plain {@code long}s, so that a call costs no garbage. This room knows nothing of
 * netlink, namespaces or pods.
 */
@NullMarked
package io.podnet.netlink.libc;

import org.jspecify.annotations.NullMarked;
