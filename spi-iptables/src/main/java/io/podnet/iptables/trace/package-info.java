/**
 * Follows a packet through rules as text, as the kernel would. It must not know the services: it is the other side of a
 * comparison with the model.
 */
@NullMarked
package io.podnet.iptables.trace;

import org.jspecify.annotations.NullMarked;
