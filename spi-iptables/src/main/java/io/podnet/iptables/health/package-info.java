/**
 * Health over HTTP and as values: {@link io.podnet.iptables.health.HealthCheckServer} answers load balancers on the health
 * check node ports of services, {@link io.podnet.iptables.health.ProxyHealth} says whether the proxy keeps up. It must not
 * know rules, chains or how endpoints are chosen.
 */
@NullMarked
package io.podnet.iptables.health;

import org.jspecify.annotations.NullMarked;
