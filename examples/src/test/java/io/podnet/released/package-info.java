/**
 * Compares the jars of now with those of the last release, by what {@code @API} promised then; {@code api/compare} starts it.
 * It must not know where the jars come from.
 */
@NullMarked
package io.podnet.released;

import org.jspecify.annotations.NullMarked;
