/**
 * Tools for those who write or use a {@link io.podnet.spi.ClusterStore}: how changes reach an observer, and a mirror that
 * follows a watch. They hold the laws that all stores share in one place. This room must not know any store, nor what the
 * entries mean.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@NullMarked
package io.podnet.store;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
