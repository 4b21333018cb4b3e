package io.podnet.cni.plugin;

import io.podnet.api.AttachmentId;
import io.podnet.api.Condition;
import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.spi.Ipam;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The Ipam of a network without an {@code ipam} block: a link and nothing on it. */
final class NoAddresses implements Ipam {
    @Override
    public Lease reserve(AttachmentId owner, List<IpAddress> requested) {
        if (!requested.isEmpty()) {
            throw new PodnetException.Invalid("the network has no addresses, " + requested + " cannot be had");
        }
        return new Lease(owner, List.of(), true);
    }

    @Override
    public void commit(AttachmentId owner) {}

    @Override
    public List<IpAddress> release(AttachmentId owner) {
        return List.of();
    }

    @Override
    public Optional<Lease> lease(AttachmentId owner) {
        return Optional.empty();
    }

    @Override
    public List<Lease> list() {
        return List.of();
    }

    @Override
    public List<Assignment> preview(List<IpAddress> requested) {
        return List.of();
    }

    @Override
    public Set<AttachmentId> gc(Set<AttachmentId> valid) {
        return Set.of();
    }

    @Override
    public Fill status() {
        return new Fill(Condition.READY, 0, 0, 0);
    }

    @Override
    public void close() {}
}
