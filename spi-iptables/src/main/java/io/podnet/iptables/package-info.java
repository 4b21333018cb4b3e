/**
 * Services by iptables, with kube-proxy's chains. Entry: the {@code ServiceProxyProvider} of the name {@code iptables}.
 * It turns decided {@code VirtualPort}s into rules and keeps the kernel at them; it must not decide anything about a
 * service itself, and knows neither pods nor bridges.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.iptables;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
