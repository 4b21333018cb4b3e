/**
 * The stable interfaces that providers implement, each with the provider interface by which {@link
 * java.util.ServiceLoader} finds it. A provider compiles against this room and {@code io.podnet.api}, nothing else. This
 * room must not know any provider, nor how a provider does its work.
 */
@NullMarked
package io.podnet.spi;

import org.jspecify.annotations.NullMarked;
