/**
 * Podnet as a CNI plugin: {@link io.podnet.cni.plugin.PodnetPlugin} answers ADD, DEL, CHECK, GC and STATUS for
 * configurations of the reference plugins {@code bridge} and {@code host-local}, with the providers {@code bridge} and
 * {@code host-local} that it finds by name. It knows CNI's values and Podnet's interfaces; not how a call came here (a
 * socket, a process), and nothing of links and rules.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.cni.plugin;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
