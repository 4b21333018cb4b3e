/**
 * What the nodes of one cluster network agree on in the store: where what is kept, and how texts are read and written so that
 * fields of newer versions survive. This room must not know how addresses are chosen, nor any kernel.
 */
@NullMarked
package io.podnet.overlay.network;

import org.jspecify.annotations.NullMarked;
