/**
 * Follows a packet through rules as text, as the kernel would. It must not know the services: it is the other side of a
 * comparison with the model.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.iptables.trace;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
