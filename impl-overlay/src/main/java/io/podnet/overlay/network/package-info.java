/**
 * What the nodes of one cluster network agree on in the store: where what is kept, and how texts are read and written so that
 * fields of newer versions survive. This room must not know how addresses are chosen, nor any kernel.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.overlay.network;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
