/**
 * What a {@link io.podnet.spi.ClusterStore} is tested with: its ten laws as tests that a provider's own test class inherits, and
 * a decorator that breaks what may break, by a seed. This room must not know any store but by its interface.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@NullMarked
package io.podnet.testkit.store;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
