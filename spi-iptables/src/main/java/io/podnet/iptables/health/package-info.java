/**
 * Health over HTTP: {@link io.podnet.iptables.health.HealthCheckServer} answers load balancers on the health check node
 * ports of services. It must not know rules, chains or how endpoints are chosen.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.iptables.health;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
