/**
 * The {@code cnitool} command: CNI plugins by hand, with the environment that the reference tool of that name reads. This room
 * says what its user wants to {@code io.podnet.cni.runtime}; it must not know how plugins are called, nor any pod.
 */
@NullMarked
package io.podnet.examples.cnitool;

import org.jspecify.annotations.NullMarked;
