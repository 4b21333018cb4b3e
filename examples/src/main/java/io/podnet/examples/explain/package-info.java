/**
 * The {@code explain} command: a packet's way, from what a node's state directory says. {@link
 * io.podnet.examples.explain.Situation} is the node as recorded, {@link io.podnet.examples.explain.Way} the answer. The
 * services' part is the service proxy's own; this room asks it, and adds what is no service. It changes nothing.
 */
@NullMarked
package io.podnet.examples.explain;

import org.jspecify.annotations.NullMarked;
