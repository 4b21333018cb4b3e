package io.podnet.api;

import io.podnet.cluster.ClusterServices;
import io.podnet.spi.ServiceAllocator.Allocated;
import io.podnet.spi.ServiceChanges.SliceId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node of a cluster: wishes are in the store, and come from there to every node, this one too. The store is asked without the
 * desk's lock, so that pods do not wait for it.
 */
final class SharedWishes implements ServiceWishes {
    private static final Logger LOG = LoggerFactory.getLogger(Podnet.class);

    private final ServiceDesk desk;
    private final List<Cidr> serviceCidrs;
    private final ClusterServices services;

    SharedWishes(ServiceDesk desk, List<Cidr> serviceCidrs, ClusterServices services) {
        this.desk = desk;
        this.serviceCidrs = serviceCidrs;
        this.services = services;
    }

    @Override
    public Service apply(ServiceSpec spec) {
        desk.resume();
        return services.apply(spec);
    }

    @Override
    public Allocated preview(ServiceSpec spec) {
        return services.preview(spec);
    }

    @Override
    public ServicesResult replaceAll(Collection<ServiceSpec> wanted, Collection<EndpointSlice> slices) {
        desk.resume();
        Map<ServiceId, Service> taken = new HashMap<>();
        Map<ServiceId, PodnetException> refused = new HashMap<>();
        Map<SliceId, PodnetException> refusedSlices = new HashMap<>();
        Set<ServiceId> stay = new HashSet<>();
        wanted.forEach(spec -> stay.add(spec.id()));
        Set<SliceId> staySlices = new HashSet<>();
        slices.forEach(slice -> staySlices.add(new SliceId(slice.service(), slice.name())));
        try {
            services.keepOnly(stay);
            services.keepOnlySlices(staySlices);
            for (ServiceSpec spec : wanted) {
                try {
                    taken.put(spec.id(), services.apply(spec));
                } catch (PodnetException.TimedOut e) {
                    throw e;
                } catch (PodnetException e) {
                    refused.put(spec.id(), e);
                }
            }
            for (EndpointSlice slice : slices) {
                try {
                    apply(slice);
                } catch (PodnetException.Invalid e) {
                    refusedSlices.put(new SliceId(slice.service(), slice.name()), e);
                }
            }
        } catch (PodnetException.TimedOut e) {
            // The store is away: asking it once is enough.
            stay.stream().filter(id -> !taken.containsKey(id)).forEach(id -> refused.putIfAbsent(id, e));
            if (stay.isEmpty()) {
                staySlices.forEach(id -> refusedSlices.putIfAbsent(id, e));
            }
            LOG.warn("services are as they were: {}", e.getMessage());
        }
        return new ServicesResult(taken, refused, refusedSlices);
    }

    @Override
    public boolean remove(ServiceId id) {
        return services.remove(id);
    }

    @Override
    public void apply(EndpointSlice slice) {
        SliceRules.check(slice, serviceCidrs);
        services.apply(slice);
    }

    @Override
    public boolean remove(SliceId slice) {
        return services.remove(slice);
    }

    @Override
    public void forgetAll() {
        try {
            services.keepOnly(Set.of());
            services.keepOnlySlices(Set.of());
        } catch (PodnetException.TimedOut e) {
            LOG.warn("services that only this node wants stay in the cluster's store: {}", e.getMessage());
        }
    }

    /** The store knows. */
    @Override
    public boolean mayComeAgain() {
        return true;
    }
}
