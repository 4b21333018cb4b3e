/**
 * Network namespaces that stand for machines, wires between them, and real packets through them. Contracts and clusters of
 * tests are built on it; it makes everything inside namespaces of its own and removes it. It must not know what is tested.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@NullMarked
package io.podnet.testkit.machine;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
