/**
 * Pods on networks of CNI plugins: the {@code NetworkPlugin} named {@code cni}, found through {@link java.util.ServiceLoader}.
 * It says in CNI's words what a pod wants, and reads back from the kernel what the plugins made. This room must not know how a
 * plugin is run, nor any plugin by name.
 */
@NullMarked
package io.podnet.cni.host;

import org.jspecify.annotations.NullMarked;
