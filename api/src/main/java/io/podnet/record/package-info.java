/**
 * Texts of keys and values, for files and for entries of the cluster's store. This room must not know what is written with
 * them, nor where it is kept.
 */
@NullMarked
package io.podnet.record;

import org.jspecify.annotations.NullMarked;
