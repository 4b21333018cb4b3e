package io.podnet.services.conntrack;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.services.Backend;
import io.podnet.services.UdpFlows;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which tracked UDP flows are wrong. It decides by address and port, so a flow to another port of the same
 * address is never touched, and a port of the node counts only on the node's own addresses. A flow that is right stays,
 * whatever was before: with nothing changed, nothing is forgotten. TCP needs none of this, since its ends notice.
 *
 * <p>Immutable and safe for any thread.
 */
public final class UdpReconciler {
    /** By destination, its serving endpoints; a node port may be an address's port too, then those of both. */
    private final Map<Backend, Set<Backend>> present;

    private final Set<Backend> gone;
    private final List<Cidr> serviceRanges;

    private UdpReconciler(Map<Backend, Set<Backend>> present, Set<Backend> gone, List<Cidr> serviceRanges) {
        this.present = present;
        this.gone = gone;
        this.serviceRanges = serviceRanges;
    }

    /**
     * Prepares decisions for one sync.
     *
     * @param present all destinations over UDP, those without endpoints too: {@link UdpFlows#of} the present service ports
     * @param before those of the last sync whose flows were reconciled; empty at the first. What is not {@code present} any
     *     more is gone: whole services, but also single addresses and node ports
     * @param nodeAddresses the addresses on which the node takes node ports; loopback ones are left out, as the rules do
     * @param serviceRanges the ranges of cluster IPs, where known: what was translated to an address in them that no
     *     service has any more is gone too, even where {@code before} does not know it, as after a restart
     * @return the decisions
     */
    public static UdpReconciler of(
            Collection<UdpFlows> present,
            Collection<UdpFlows> before,
            Collection<IpAddress> nodeAddresses,
            Collection<Cidr> serviceRanges) {
        Map<Backend, Set<Backend>> serving = destinations(present, nodeAddresses);
        Set<Backend> gone = new HashSet<>(destinations(before, nodeAddresses).keySet());
        gone.removeAll(serving.keySet());
        return new UdpReconciler(serving, gone, List.copyOf(serviceRanges));
    }

    private static Map<Backend, Set<Backend>> destinations(
            Collection<UdpFlows> flows, Collection<IpAddress> nodeAddresses) {
        Map<Backend, Set<Backend>> all = new HashMap<>();
        for (UdpFlows to : flows) {
            Set<Backend> serving = Set.copyOf(to.serving());
            int port = to.destination().port();
            Optional<IpAddress> address = to.address();
            if (address.isPresent()) {
                all.merge(new Backend(address.get(), port), serving, UdpReconciler::union);
                continue;
            }
            for (IpAddress own : nodeAddresses) {
                if (own.family() == to.family() && !own.isLoopback()) {
                    all.merge(new Backend(own, port), serving, UdpReconciler::union);
                }
            }
        }
        return all;
    }

    private static Set<Backend> union(Set<Backend> some, Set<Backend> others) {
        Set<Backend> both = new HashSet<>(some);
        both.addAll(others);
        return both;
    }

    /**
     * Decides about one flow.
     *
     * @param flow a tracked UDP flow, of any service or none
     * @return why it must be forgotten; empty where it is right or no service's
     */
    public Optional<Staleness> staleness(TrackedFlow flow) {
        boolean translated = !flow.translated().equals(flow.destination());
        Set<Backend> serving = present.get(flow.destination());
        if (serving == null) {
            return translated && isGone(flow.destination()) ? Optional.of(Staleness.SERVICE_GONE) : Optional.empty();
        }
        if (serving.contains(flow.translated())) {
            return Optional.empty();
        }
        if (translated) {
            return Optional.of(serving.isEmpty() ? Staleness.NO_ENDPOINTS : Staleness.ENDPOINT_GONE);
        }
        // Elsewhere than in zone 0 a packet may be tracked once more before it comes to the rules, untranslated
        // rightly.
        boolean missedTheRules = !serving.isEmpty() && flow.zone() == 0;
        return missedTheRules ? Optional.of(Staleness.NOT_TRANSLATED) : Optional.empty();
    }

    private boolean isGone(Backend destination) {
        return gone.contains(destination) || serviceRanges.stream().anyMatch(range -> range.contains(destination.ip()));
    }
}
