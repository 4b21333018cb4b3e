/** The threads that the proxy makes, wherever in it. This room must not know what they do. */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.iptables.thread;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
