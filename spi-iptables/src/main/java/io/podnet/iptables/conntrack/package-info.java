/**
 * Brings the kernel's memory of UDP flows to what the services are: {@link io.podnet.iptables.conntrack.StaleFlows} lists,
 * has the pure {@link io.podnet.services.conntrack.UdpReconciler} decide, and forgets. It must not decide by itself, nor
 * know rules.
 */
@NullMarked
package io.podnet.iptables.conntrack;

import org.jspecify.annotations.NullMarked;
