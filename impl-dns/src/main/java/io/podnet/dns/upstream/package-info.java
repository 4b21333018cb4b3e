/**
 * Asking other servers: which of them, over which sockets, how often, and whom to believe. Entry: {@link
 * io.podnet.dns.upstream.UpstreamLookup}. It must not know clients, caches or pods.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.dns.upstream;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
