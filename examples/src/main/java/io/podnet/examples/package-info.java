/** Runnable programs on Podnet. {@link io.podnet.examples.Main} is the door; each command has a room of its own. */
@NullMarked
package io.podnet.examples;

import org.jspecify.annotations.NullMarked;
