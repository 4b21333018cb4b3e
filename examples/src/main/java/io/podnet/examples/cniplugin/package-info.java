/**
 * Podnet as a CNI plugin: {@code install-cni} puts the executable where a container runtime looks for plugins,
 * {@code cni-daemon} is the resident Podnet behind it. These are doors only; what they open is in the CNI module.
 */
@NullMarked
package io.podnet.examples.cniplugin;

import org.jspecify.annotations.NullMarked;
