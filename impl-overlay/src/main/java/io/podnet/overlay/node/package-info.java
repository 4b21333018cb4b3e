/**
 * What a node tells the others of itself, and how they tell each other that they have acted on it: the node's record, its sign
 * of life, acknowledgements. Everything is in the cluster store. This room must not know any kernel, nor what rows a record
 * leads to.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.overlay.node;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
