/**
 * Names that are not the cluster's: whom a pod may ask for them, answers kept for a while, many clients' same question
 * asked once, and never more of anything than a bound. Entry: {@link io.podnet.dns.forward.CachingForwarder}. It must not
 * know records of the cluster, sockets of clients, nor the sockets to upstream servers.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.dns.forward;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
