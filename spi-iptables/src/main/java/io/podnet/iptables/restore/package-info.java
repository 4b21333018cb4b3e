/**
 * The iptables tools: where they are, how they are run inside a namespace, how input is streamed to iptables-restore and
 * output read from iptables-save. It must not know what the rules mean.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.iptables.restore;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
