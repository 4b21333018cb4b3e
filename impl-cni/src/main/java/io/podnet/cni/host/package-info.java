/**
 * Pods on networks of CNI plugins: the {@code NetworkPlugin} named {@code cni}, found through {@link java.util.ServiceLoader}.
 * It says in CNI's words what a pod wants, and reads back from the kernel what the plugins made. This room must not know how a
 * plugin is run, nor any plugin by name.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.cni.host;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
