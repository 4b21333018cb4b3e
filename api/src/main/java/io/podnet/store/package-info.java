/**
 * Tools for those who write or use a {@link io.podnet.spi.ClusterStore}: how changes reach an observer, and a mirror that
 * follows a watch. They hold the laws that all stores share in one place. This room must not know any store, nor what the
 * entries mean.
 */
@NullMarked
package io.podnet.store;

import org.jspecify.annotations.NullMarked;
