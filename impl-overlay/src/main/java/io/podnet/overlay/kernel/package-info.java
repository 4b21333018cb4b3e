/**
 * Brings a node's kernel to what the model says and keeps it there: devices, addresses, forwarding entries, neighbours, routes,
 * rules and the packet filter's sets. Everything of ours is known by its device, its protocol number or its table, without
 * memory. This room must not know the store, nor what a pod is.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.overlay.kernel;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
