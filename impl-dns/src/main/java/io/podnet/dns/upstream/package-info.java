/**
 * Asking other servers: which of them, over which sockets, how often, and whom to believe. Entry: {@link
 * io.podnet.dns.upstream.UpstreamLookup}. It must not know clients, caches or pods.
 */
@NullMarked
package io.podnet.dns.upstream;

import org.jspecify.annotations.NullMarked;
