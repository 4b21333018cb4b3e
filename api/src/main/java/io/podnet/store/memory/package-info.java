/**
 * The store {@code memory}: what the nodes of one JVM share, and the model of what every store must do. It is deterministic
 * where its clock and executor are, forgets history as a real store does, and any of its connections can be cut. This room
 * must not know what the entries mean.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@NullMarked
package io.podnet.store.memory;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
