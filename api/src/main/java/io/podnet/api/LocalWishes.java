package io.podnet.api;

import io.podnet.endpoints.EndpointsController;
import io.podnet.endpoints.SelectedService;
import io.podnet.spi.ServiceAllocator;
import io.podnet.spi.ServiceAllocator.Allocated;
import io.podnet.spi.ServiceChanges.SliceId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A node that stands alone: wishes are in memory, what was allocated to them on its disk. Calls hold the desk's lock. */
final class LocalWishes implements ServiceWishes {
    private final ServiceDesk desk;
    private final EndpointsController controller;
    private final List<Cidr> serviceCidrs;
    private final ServiceAllocator allocator;
    private final Map<ServiceId, ServiceSpec> specs = new HashMap<>();

    LocalWishes(ServiceDesk desk, List<Cidr> serviceCidrs, ServiceAllocator allocator) {
        this.desk = desk;
        this.controller = desk.controller();
        this.serviceCidrs = serviceCidrs;
        this.allocator = allocator;
    }

    @Override
    public Service apply(ServiceSpec spec) {
        synchronized (desk) {
            Optional<SelectedService> before = controller.selected(spec.id());
            Optional<ServiceSpec> former = Optional.ofNullable(specs.get(spec.id()));
            Service service = take(spec);
            try {
                desk.tell();
                return service;
            } catch (PodnetException e) {
                if (before.isPresent() && former.isPresent()) {
                    take(former.get().withService(before.get().service()));
                    specs.put(spec.id(), former.get());
                } else {
                    drop(spec.id());
                }
                desk.backAsItWas();
                throw e;
            }
        }
    }

    private Service take(ServiceSpec spec) {
        Allocated allocated = allocator.allocate(spec);
        controller.put(new SelectedService(allocated.service(), allocated.families()));
        specs.put(spec.id(), spec);
        return allocated.service();
    }

    private void drop(ServiceId id) {
        desk.drop(id);
        specs.remove(id);
        allocator.release(id);
    }

    @Override
    public Allocated preview(ServiceSpec spec) {
        return allocator.preview(spec);
    }

    @Override
    public ServicesResult replaceAll(Collection<ServiceSpec> wanted, Collection<EndpointSlice> slices) {
        synchronized (desk) {
            Set<ServiceId> stay = new HashSet<>();
            wanted.forEach(spec -> stay.add(spec.id()));
            Set<ServiceId> there = new HashSet<>(controller.services());
            there.addAll(allocator.holders());
            there.stream().filter(id -> !stay.contains(id)).forEach(this::drop);
            Map<ServiceId, Service> taken = new HashMap<>();
            Map<ServiceId, PodnetException> refused = new HashMap<>();
            for (ServiceSpec spec : wanted) {
                try {
                    taken.put(spec.id(), take(spec));
                } catch (PodnetException e) {
                    refused.put(spec.id(), e);
                }
            }
            Map<SliceId, PodnetException> refusedSlices = replaceSlices(slices);
            desk.tellAnyway();
            return new ServicesResult(taken, refused, refusedSlices);
        }
    }

    private Map<SliceId, PodnetException> replaceSlices(Collection<EndpointSlice> slices) {
        Map<SliceId, PodnetException> refused = new HashMap<>();
        Set<SliceId> stay = new HashSet<>();
        for (EndpointSlice slice : slices) {
            SliceId id = new SliceId(slice.service(), slice.name());
            stay.add(id);
            try {
                SliceRules.check(slice, serviceCidrs);
                controller.put(slice);
            } catch (PodnetException.Invalid e) {
                refused.put(id, e);
            }
        }
        for (EndpointSlice slice : controller.handMadeSlices()) {
            if (!stay.contains(new SliceId(slice.service(), slice.name()))) {
                controller.removeSlice(slice.service(), slice.name());
            }
        }
        return refused;
    }

    @Override
    public boolean remove(ServiceId id) {
        synchronized (desk) {
            boolean present =
                    controller.service(id).isPresent() || allocator.holders().contains(id);
            drop(id);
            desk.tellAnyway();
            return present;
        }
    }

    @Override
    public void apply(EndpointSlice slice) {
        synchronized (desk) {
            SliceRules.check(slice, serviceCidrs);
            controller.put(slice);
            desk.tellAnyway();
        }
    }

    @Override
    public boolean remove(SliceId slice) {
        synchronized (desk) {
            boolean present = controller.removeSlice(slice.service(), slice.name());
            desk.tellAnyway();
            return present;
        }
    }

    @Override
    public void forgetAll() {
        synchronized (desk) {
            Set<ServiceId> all = new HashSet<>(controller.services());
            all.addAll(allocator.holders());
            all.forEach(this::drop);
            controller.handMadeSlices().forEach(slice -> controller.removeSlice(slice.service(), slice.name()));
        }
    }

    @Override
    public boolean mayComeAgain() {
        return !allocator.holders().isEmpty();
    }
}
