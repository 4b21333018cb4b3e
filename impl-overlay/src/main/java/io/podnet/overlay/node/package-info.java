/**
 * What a node tells the others of itself, and how they tell each other that they have acted on it: the node's record, its sign
 * of life, acknowledgements. Everything is in the cluster store. This room must not know any kernel, nor what rows a record
 * leads to.
 */
@NullMarked
package io.podnet.overlay.node;

import org.jspecify.annotations.NullMarked;
