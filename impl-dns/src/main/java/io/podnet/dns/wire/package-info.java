/**
 * DNS messages as bytes (RFC 1035, 3596, 2782, 6891): header screen, names, questions, records, without an object for
 * each and without garbage. Entry: {@link io.podnet.dns.wire.Query} for what comes in, {@link
 * io.podnet.dns.wire.MessageWriter} for what goes out, {@link io.podnet.dns.wire.ResponseWalker} for answers of others.
 * It must not know sockets, zones or pods.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.dns.wire;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
