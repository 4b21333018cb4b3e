/**
 * Network namespaces that stand for machines, wires between them, and real packets through them. Contracts and clusters of
 * tests are built on it; it makes everything inside namespaces of its own and removes it. It must not know what is tested.
 */
@NullMarked
package io.podnet.testkit.machine;

import org.jspecify.annotations.NullMarked;
