/**
 * Names of pods and services: what CoreDNS does. Entry: the {@code NameResolverProvider} of the name {@code dns}. It
 * answers what it is told through {@code NameChanges} and must not know where that comes from, nor how packets reach a
 * service.
 */
@NullMarked
package io.podnet.dns;

import org.jspecify.annotations.NullMarked;
