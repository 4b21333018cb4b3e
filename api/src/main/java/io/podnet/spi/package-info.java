/**
 * The stable interfaces that providers implement, each with the provider interface by which {@link
 * java.util.ServiceLoader} finds it. A provider compiles against this room and {@code io.podnet.api}, nothing else. This
 * room must not know any provider, nor how a provider does its work.
 *
 * <p>Nothing is null that is not marked so: a provider need not look, and owes the same. Failures are {@link
 * io.podnet.api.PodnetException}s; anything else that a provider throws is taken for a fault in it.
 */
@NullMarked
package io.podnet.spi;

import org.jspecify.annotations.NullMarked;
