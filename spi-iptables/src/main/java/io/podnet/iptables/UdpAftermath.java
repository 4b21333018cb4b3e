package io.podnet.iptables;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.iptables.conntrack.StaleFlows;
import io.podnet.services.UdpFlows;
import io.podnet.services.VirtualPort;
import io.podnet.services.conntrack.UdpReconciler;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings conntrack after the rules: flows of UDP that lead where nobody serves are forgotten. What was reconciled last
 * is remembered until the next time succeeds. For one thread at a time.
 */
final class UdpAftermath {
    private static final Logger LOG = LoggerFactory.getLogger(UdpAftermath.class);

    private final StaleFlows flows;
    private final List<Cidr> serviceCidrs;
    private List<UdpFlows> reconciled = List.of();
    private boolean due = true;

    UdpAftermath(StaleFlows flows, List<Cidr> serviceCidrs) {
        this.flows = flows;
        this.serviceCidrs = serviceCidrs;
    }

    /** A change was written. */
    void note(Collection<VirtualPort> before, Collection<VirtualPort> after) {
        due |= !UdpFlows.between(before, after).isEmpty();
    }

    boolean isDue() {
        return due;
    }

    void reconcile(Collection<VirtualPort> present, Collection<IpAddress> nodePortAddresses) {
        List<UdpFlows> now = UdpFlows.of(present);
        if (!now.isEmpty() || !reconciled.isEmpty()) {
            forget(UdpReconciler.of(now, reconciled, nodePortAddresses, serviceCidrs));
        }
        reconciled = now;
        due = false;
    }

    /** Everything that was translated for a service goes with the rules. */
    void forgetAll(Collection<VirtualPort> present, Collection<IpAddress> nodePortAddresses) {
        forget(UdpReconciler.of(List.of(), UdpFlows.of(present), nodePortAddresses, List.of()));
        reconciled = List.of();
    }

    private void forget(UdpReconciler reconciler) {
        try {
            var forgotten = flows.forget(reconciler);
            if (!forgotten.isEmpty()) {
                LOG.info("UDP flows forgotten: {}", forgotten);
            }
        } catch (PodnetException.Unsupported e) {
            LOG.warn("UDP flows cannot be looked at: {}", e.getMessage());
        }
    }

    static Collection<IpAddress> nodePortAddresses(Collection<IpAddress> all, Predicate<IpAddress> takes) {
        return all.stream().filter(takes).toList();
    }
}
