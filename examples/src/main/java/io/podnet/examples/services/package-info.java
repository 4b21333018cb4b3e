/**
 * The {@code services} command: how a node's services stand, read from its state directory without a lock. This room
 * reads and prints; it changes nothing.
 */
@NullMarked
package io.podnet.examples.services;

import org.jspecify.annotations.NullMarked;
