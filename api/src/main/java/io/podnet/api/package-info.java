/**
 * What a host program sees: immutable values with Kubernetes' names, the exceptions, and the {@code Podnet} facade.
 * Providers are found through {@link java.util.ServiceLoader} by the interfaces in {@code io.podnet.spi}. This room
 * knows the JDK and slf4j only: no kernel, no file formats of others, no provider.
 */
@NullMarked
package io.podnet.api;

import org.jspecify.annotations.NullMarked;
