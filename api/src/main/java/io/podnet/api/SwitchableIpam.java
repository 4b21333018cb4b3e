package io.podnet.api;

import io.podnet.spi.AddressRangeSet;
import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.Ipam;
import io.podnet.spi.IpamProvider;
import io.podnet.spi.Providers;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An Ipam whose ranges may change: the node's pod CIDR event gives a new one over the same state. */
final class SwitchableIpam implements Ipam {
    private static final Logger LOG = LoggerFactory.getLogger(Podnet.class);

    private final IpamProvider provider;
    private volatile IpamProvider.Context context;
    private volatile Ipam current;

    SwitchableIpam(IpamProvider provider, IpamProvider.Context context) {
        this.provider = provider;
        this.context = context;
        this.current = Providers.required(provider, provider.create(context));
    }

    /** Goes on with other ranges; nobody may be in a call meanwhile. */
    void ranges(List<AddressRangeSet> ranges) {
        IpamProvider.Context changed = new IpamProvider.Context(
                context.network(), ranges, context.stateDirectory(), context.options(), context.cluster());
        Ipam former = current;
        current = Providers.required(provider, provider.create(changed));
        context = changed;
        former.close();
    }

    /** Tells of a pod that has addresses: an Ipam whose store was in memory has forgotten who has which. */
    void leaseAgain(AttachmentRecord pod, List<IpAddress> ips) {
        try {
            if (lease(pod.id()).isEmpty()) {
                reserve(pod.id(), ips);
                commit(pod.id());
            }
        } catch (PodnetException.StateFailure e) {
            throw e;
        } catch (PodnetException e) {
            // A store that is away must not keep a node from starting.
            LOG.atWarn()
                    .addKeyValue("namespace", pod.spec().id().namespace())
                    .addKeyValue("pod", pod.spec().id().name())
                    .addKeyValue("addresses", ips)
                    .log("the pod keeps addresses of which the Ipam does not know: {}", e.getMessage());
        }
    }

    @Override
    public Lease reserve(AttachmentId owner, List<IpAddress> requested) {
        return current.reserve(owner, requested);
    }

    @Override
    public void commit(AttachmentId owner) {
        current.commit(owner);
    }

    @Override
    public Lease assign(AttachmentId owner, List<IpAddress> requested) {
        return current.assign(owner, requested);
    }

    @Override
    public List<IpAddress> release(AttachmentId owner) {
        return current.release(owner);
    }

    @Override
    public Optional<Lease> lease(AttachmentId owner) {
        return current.lease(owner);
    }

    @Override
    public List<Lease> list() {
        return current.list();
    }

    @Override
    public List<Assignment> preview(List<IpAddress> requested) {
        return current.preview(requested);
    }

    @Override
    public Set<AttachmentId> gc(Set<AttachmentId> valid) {
        return current.gc(valid);
    }

    @Override
    public Fill status() {
        return current.status();
    }

    @Override
    public void close() {
        current.close();
    }
}
