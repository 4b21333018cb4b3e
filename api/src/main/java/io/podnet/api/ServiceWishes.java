package io.podnet.api;

import io.podnet.spi.ServiceAllocator.Allocated;
import io.podnet.spi.ServiceChanges.SliceId;
import java.util.Collection;

/** Where the services that users want are kept, and what they must have for themselves is found: see {@link Services}. */
interface ServiceWishes {
    Service apply(ServiceSpec spec);

    Allocated preview(ServiceSpec spec);

    ServicesResult replaceAll(Collection<ServiceSpec> wanted, Collection<EndpointSlice> slices);

    boolean remove(ServiceId id);

    void apply(EndpointSlice slice);

    boolean remove(SliceId slice);

    /** Forgets what this node's users want. */
    void forgetAll();

    /** Whether services of an earlier process may be wanted again, which only the caller knows. */
    boolean mayComeAgain();
}
