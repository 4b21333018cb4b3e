/**
 * What upstream servers answer: read once, checked against the question, and kept as a clean message image of our own
 * writing, so that nothing hostile is stored or passed on. Entry: {@link io.podnet.dns.response.ResponseReader}. It must
 * not know sockets, clocks, pods or caches.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.dns.response;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
