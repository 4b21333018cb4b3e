/**
 * The {@code pods} command: what runs on a node, read from its state directory without a lock. This room reads and
 * prints; it changes nothing.
 */
@NullMarked
package io.podnet.examples.pods;

import org.jspecify.annotations.NullMarked;
