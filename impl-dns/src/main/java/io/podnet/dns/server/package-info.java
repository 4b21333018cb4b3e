/**
 * The DNS server: sockets of pods and of the node, datagrams and streams, answers from the record index, and the seam to
 * what answers other names ({@link io.podnet.dns.server.Forwarder}). It must not know where records come from, nor how
 * other names are resolved.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.dns.server;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
