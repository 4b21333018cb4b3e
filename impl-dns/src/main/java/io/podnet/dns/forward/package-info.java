/**
 * Names that are not the cluster's: whom a pod may ask for them, answers kept for a while, many clients' same question
 * asked once, and never more of anything than a bound. Entry: {@link io.podnet.dns.forward.CachingForwarder}. It must not
 * know records of the cluster, sockets of clients, nor the sockets to upstream servers.
 */
@NullMarked
package io.podnet.dns.forward;

import org.jspecify.annotations.NullMarked;
