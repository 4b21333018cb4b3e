/**
 * How a command that runs until it is terminated ends: in order, and with its own exit code. It knows the JVM's shutdown hooks
 * and nothing of what the commands do.
 */
@NullMarked
package io.podnet.examples.signal;

import org.jspecify.annotations.NullMarked;
