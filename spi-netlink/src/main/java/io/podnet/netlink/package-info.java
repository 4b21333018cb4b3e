/** The kernel. */
@NullMarked
package io.podnet.netlink;

import org.jspecify.annotations.NullMarked;
