/**
 * A {@code NetworkPlugin} that does what kubenet did: pods on a bridge of the node, with masquerade, host ports, shaping
 * and anti-spoofing. Entry: {@link io.podnet.bridge.BridgePluginProvider}. This room must not know where addresses come
 * from beyond {@code Ipam}, nor who runs the pods' processes.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.bridge;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
