/**
 * What upstream servers answer: read once, checked against the question, and kept as a clean message image of our own
 * writing, so that nothing hostile is stored or passed on. Entry: {@link io.podnet.dns.response.ResponseReader}. It must
 * not know sockets, clocks, pods or caches.
 */
@NullMarked
package io.podnet.dns.response;

import org.jspecify.annotations.NullMarked;
