/**
 * What the cluster's names stand for: an immutable index that queries read without a lock, and the model that makes the
 * next one from a step of the desired state. Entry: {@link io.podnet.dns.index.IndexModel}. It must not know messages'
 * sections, sockets, or which pod asks.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.dns.index;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
