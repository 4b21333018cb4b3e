/**
 * From a query to its answer, without I/O: what the index says, in which section, with which flags, and what to do where
 * it says nothing. Entry: {@link io.podnet.dns.answer.Responder}. It must not know sockets, or how other names are
 * resolved.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.dns.answer;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
