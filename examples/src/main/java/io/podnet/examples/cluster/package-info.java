/**
 * The {@code cluster} command: several nodes in one process, each a network namespace with an agent of its own, joined by a
 * bridge. {@link io.podnet.examples.cluster.Placement} decides which pod goes where, {@link
 * io.podnet.examples.cluster.Machines} makes the namespaces. This room must not know how an agent keeps pods running.
 */
@NullMarked
package io.podnet.examples.cluster;

import org.jspecify.annotations.NullMarked;
