package io.podnet.bridge;

import io.podnet.api.IpAddress;
import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.Ipam;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The wiring that an attachment had, has or may still have, by its record and the Ipam. */
final class Wirings {
    private final Ipam ipam;
    private final BridgeOptions options;

    Wirings(Ipam ipam, BridgeOptions options) {
        this.ipam = ipam;
        this.options = options;
    }

    PodWiring of(AttachmentRecord record, List<Ipam.Assignment> assignments, int mtu) {
        return PodWiring.of(record, assignments, mtu, options);
    }

    /** What an attachment had, from its record, or from its lease where set-up did not come to write the record. */
    PodWiring of(AttachmentRecord record, int mtu) {
        List<Ipam.Assignment> assignments = record.status()
                .map(status -> status.addresses().stream()
                        .map(address -> new Ipam.Assignment(address, options.gatewayOf(address)))
                        .toList())
                .or(() -> ipam.lease(record.id()).map(Ipam.Lease::assignments))
                .orElse(List.of());
        return of(record, assignments, mtu);
    }

    /**
     * What an attachment may still have. A teardown that is repeated may have given its addresses back already, and
     * somebody else may have them by now.
     */
    PodWiring leftOf(AttachmentRecord record, int mtu) {
        PodWiring had = of(record, mtu);
        return ipam.lease(record.id()).isPresent() ? had : had.without(leased());
    }

    /** What an attachment would have if it had no lease yet, for which no address is taken. */
    PodWiring foreseen(AttachmentRecord record, int mtu) {
        return of(record, ipam.preview(record.spec().requestedIps()), mtu);
    }

    /** All addresses that are given away. */
    Set<IpAddress> leased() {
        Set<IpAddress> leased = new HashSet<>();
        ipam.list()
                .forEach(lease -> lease.assignments()
                        .forEach(assignment -> leased.add(assignment.address().address())));
        return leased;
    }
}
