/**
 * Which rows should be in a node's kernel so that its pods reach those of the others: a pure function of the node, the others'
 * records, the addresses in use and the settings. Every change of one of them gives a {@link io.podnet.overlay.model.Delta}
 * whose size does not depend on the rest. This room must not do anything: no store, no kernel, no clock.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.overlay.model;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
