/**
 * Plugins as executables: how one is found and trusted, what it may inherit, how long it may take, and what its way of ending
 * means. Entry point: {@link io.podnet.cni.process.PluginRunner}. This room must not know chains, caches or pods: it runs one
 * plugin once.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.cni.process;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
