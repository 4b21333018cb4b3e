package io.podnet.cni.host;

import io.podnet.api.AttachmentId;
import io.podnet.api.Condition;
import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.spi.Ipam;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Has no addresses and gives none. */
final class NoIpam implements Ipam {
    private static PodnetException refused() {
        return new PodnetException.Unsupported(
                "the Ipam none has no addresses; a network plugin that needs one takes another,"
                        + " for example ipam(\"host-local\")");
    }

    @Override
    public Lease reserve(AttachmentId owner, List<IpAddress> requested) {
        throw refused();
    }

    @Override
    public void commit(AttachmentId owner) {
        throw refused();
    }

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
        throw refused();
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
    public void close() {
        // Holds nothing.
    }
}
