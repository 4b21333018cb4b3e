/**
 * Brings the kernel's memory of UDP flows to what the services are: {@link io.podnet.iptables.conntrack.StaleFlows} lists,
 * has the pure {@link io.podnet.services.conntrack.UdpReconciler} decide, and forgets. It must not decide by itself, nor
 * know rules.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@NullMarked
package io.podnet.iptables.conntrack;

import io.podnet.api.API;
import org.jspecify.annotations.NullMarked;
