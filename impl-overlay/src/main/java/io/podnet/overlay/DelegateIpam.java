package io.podnet.overlay;

import io.podnet.api.AttachmentId;
import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.spi.Ipam;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The node's Ipam as the delegate sees it: the address that the node itself has in the pod network is no pod's. */
final class DelegateIpam implements Ipam {
    private static final AttachmentId NODE = new AttachmentId("overlay-node", "tunnel");

    private final Ipam ipam;

    DelegateIpam(Ipam ipam) {
        this.ipam = ipam;
    }

    /** Gives the node addresses of its own, the same at every start. */
    List<IpAddress> nodeAddresses(NodeFile before) {
        try {
            Lease lease = ipam.reserve(NODE, List.of());
            ipam.commit(NODE);
            return lease.assignments().stream()
                    .map(each -> each.address().address())
                    .toList();
        } catch (PodnetException.TimedOut unreachable) {
            List<IpAddress> known = before.tunnelIps();
            if (known.isEmpty()) {
                throw unreachable;
            }
            return known;
        }
    }

    void releaseNode() {
        ipam.release(NODE);
    }

    @Override
    public Lease reserve(AttachmentId owner, List<IpAddress> requested) {
        return ipam.reserve(owner, requested);
    }

    @Override
    public void commit(AttachmentId owner) {
        ipam.commit(owner);
    }

    @Override
    public List<IpAddress> release(AttachmentId owner) {
        return ipam.release(owner);
    }

    @Override
    public Optional<Lease> lease(AttachmentId owner) {
        return ipam.lease(owner);
    }

    @Override
    public List<Lease> list() {
        return ipam.list().stream().filter(lease -> !lease.owner().equals(NODE)).toList();
    }

    @Override
    public List<Assignment> preview(List<IpAddress> requested) {
        return ipam.preview(requested);
    }

    @Override
    public Set<AttachmentId> gc(Set<AttachmentId> valid) {
        Set<AttachmentId> all = new HashSet<>(valid);
        all.add(NODE);
        return ipam.gc(all);
    }

    @Override
    public Fill status() {
        return ipam.status();
    }

    @Override
    public void close() {
        ipam.close();
    }
}
