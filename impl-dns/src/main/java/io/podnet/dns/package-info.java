/**
 * Names of pods and services: what CoreDNS does. Entry: the {@code NameResolverProvider} of the name {@code dns}. It
 * answers what it is told through {@code NameChanges} and must not know where that comes from, nor how packets reach a
 * service.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.dns;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
