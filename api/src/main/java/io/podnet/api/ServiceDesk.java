package io.podnet.api;

import io.podnet.endpoints.EndpointsController;
import io.podnet.endpoints.SelectedService;
import io.podnet.spi.ServiceAllocator;
import io.podnet.spi.ServiceAllocator.Allocated;
import io.podnet.spi.ServiceChanges;
import io.podnet.spi.ServiceChanges.SliceId;
import io.podnet.spi.ServiceProxy;
import io.podnet.spi.ServiceProxy.ServiceProxyListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The inside of {@link Services}: wishes and pods go into the allocator and the endpoints controller, whose steps go to
 * the proxy and to the name resolver. Nothing flows back but how far the kernel is.
 */
final class ServiceDesk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Podnet.class);

    private final List<Cidr> serviceCidrs;
    private final ServiceAllocator allocator;
    private final ProxyHolder holder;
    private final ProgrammedGenerations generations;
    private final NodeNames names;
    private final EndpointsController controller = new EndpointsController();
    private final Map<ServiceId, ServiceSpec> specs = new HashMap<>();
    private boolean completeIsDue = true;
    // Until start.
    private boolean holding = true;

    ServiceDesk(
            List<Cidr> serviceCidrs,
            ServiceAllocator allocator,
            ProxyHolder holder,
            ProgrammedGenerations generations,
            NodeNames names) {
        this.serviceCidrs = serviceCidrs;
        this.allocator = allocator;
        this.holder = holder;
        this.generations = generations;
        this.names = names;
    }

    /**
     * Begins, with the pods of an earlier process known. Where that process left rules, and services that may come
     * again, nothing is told before the caller has said which: rules must not go and come back, and a name that is not
     * known yet must not be denied.
     */
    synchronized void start() {
        holder.cleanUpOthers();
        boolean heard = holder.wasUsed() || names.isConfigured();
        holding = heard && !allocator.holders().isEmpty();
        if (heard && !holding) {
            tellAnyway();
        }
    }

    EndpointsController controller() {
        return controller;
    }

    NodeNames names() {
        return names;
    }

    /** Takes the namespaces that exist besides those of pods and services. */
    synchronized void namespaces(Collection<String> all) {
        names.namespaces(all);
        if (!holding) {
            tellAnyway();
        }
    }

    synchronized Service apply(ServiceSpec spec) {
        Optional<SelectedService> before = controller.selected(spec.id());
        Optional<ServiceSpec> former = Optional.ofNullable(specs.get(spec.id()));
        Service service = take(spec);
        try {
            tell();
            return service;
        } catch (PodnetException e) {
            if (before.isPresent() && former.isPresent()) {
                take(former.get().withService(before.get().service()));
                specs.put(spec.id(), former.get());
            } else {
                drop(spec.id());
            }
            // The proxy took nothing of the step, so the way back is no step for it either; the resolver may have.
            controller.step();
            names.forgetWhatWasTold();
            tellNamesAnyway(Optional.empty());
            throw e;
        }
    }

    private Service take(ServiceSpec spec) {
        Allocated allocated = allocator.allocate(spec);
        controller.put(new SelectedService(allocated.service(), allocated.families()));
        specs.put(spec.id(), spec);
        return allocated.service();
    }

    private void drop(ServiceId id) {
        controller.removeService(id);
        specs.remove(id);
        generations.forget(id);
        allocator.release(id);
    }

    synchronized ServicesResult replaceAll(Collection<ServiceSpec> wanted, Collection<EndpointSlice> slices) {
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
        tellAnyway();
        return new ServicesResult(taken, refused, refusedSlices);
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

    synchronized boolean remove(ServiceId id) {
        boolean present =
                controller.service(id).isPresent() || allocator.holders().contains(id);
        drop(id);
        tellAnyway();
        return present;
    }

    synchronized void applyEndpointSlice(EndpointSlice slice) {
        SliceRules.check(slice, serviceCidrs);
        controller.put(slice);
        tellAnyway();
    }

    synchronized boolean removeEndpointSlice(ServiceId service, String name) {
        boolean present = controller.removeSlice(service, name);
        tellAnyway();
        return present;
    }

    /** Tells what pods changed; before the caller has said which services there are, that is noted only. */
    synchronized void podsChanged() {
        if (holding) {
            controller.step();
        } else {
            tellAnyway();
        }
    }

    /** Tells the proxy, and where that fails leaves the change to the next step, which is complete then. */
    private void tellAnyway() {
        holding = false;
        Optional<ServiceChanges> step = controller.step();
        tellNamesAnyway(step);
        try {
            tellProxy(step);
        } catch (PodnetException e) {
            completeIsDue = true;
            LOG.warn("services are not programmed: {}", e.getMessage());
        }
    }

    private void tellNamesAnyway(Optional<ServiceChanges> step) {
        try {
            names.tell(step, controller::complete);
        } catch (PodnetException e) {
            LOG.warn("names are as they were: {}", e.getMessage());
        }
    }

    private void tell() {
        holding = false;
        Optional<ServiceChanges> step = controller.step();
        names.tell(step, controller::complete);
        tellProxy(step);
    }

    private void tellProxy(Optional<ServiceChanges> step) {
        boolean wanted = controller.services().stream()
                .flatMap(id -> controller.service(id).stream())
                .anyMatch(service -> !service.clusterIps().isEmpty());
        if (!holder.isConfigured() || (holder.current().isEmpty() && !wanted && !holder.wasUsed())) {
            return;
        }
        ServiceProxy proxy = holder.get();
        if (completeIsDue) {
            ServiceChanges all = controller.complete();
            note(all, proxy.apply(all));
            completeIsDue = false;
        } else if (step.isPresent()) {
            note(step.get(), proxy.apply(step.get()));
        }
    }

    private void note(ServiceChanges step, long generation) {
        step.services().forEach(service -> generations.told(service.id(), generation));
        step.endpointSlices().forEach(slice -> generations.told(slice.service(), generation));
        step.removedEndpointSlices().forEach(slice -> generations.told(slice.service(), generation));
    }

    synchronized List<ServiceStatus> list() {
        List<ServiceStatus> all = new ArrayList<>();
        controller.services().forEach(id -> get(id).ifPresent(all::add));
        return all;
    }

    synchronized Optional<ServiceStatus> get(ServiceId id) {
        return controller.service(id).map(service -> {
            boolean programmed = service.clusterIps().isEmpty() || generations.isProgrammed(id);
            return new ServiceStatus(
                    service, controller.slices(id), generations.newest(id), programmed, programmed ? "" : hindrance());
        });
    }

    private String hindrance() {
        if (!holder.isConfigured()) {
            return "this node has no service proxy";
        }
        return holder.failure().isEmpty() ? generations.failure() : holder.failure();
    }

    boolean awaitProgrammed(ServiceId id, Duration timeout) {
        long generation;
        ServiceProxy proxy;
        synchronized (this) {
            Service service =
                    controller.service(id).orElseThrow(() -> new PodnetException.NotFound("there is no service " + id));
            if (service.clusterIps().isEmpty()) {
                return true;
            }
            proxy = holder.get();
            generation = generations.newest(id);
        }
        return proxy.awaitProgrammed(generation, timeout);
    }

    synchronized ServiceProxy proxy() {
        return holder.get();
    }

    synchronized Plan plan(ServiceSpec spec) {
        Allocated allocated = allocator.preview(spec);
        Optional<ServiceChanges> step =
                controller.preview(new SelectedService(allocated.service(), allocated.families()));
        return step.isEmpty() ? new Plan(List.of()) : holder.get().plan(step.get());
    }

    synchronized List<Drift> check() {
        return holder.current().map(ServiceProxy::check).orElse(List.of());
    }

    void addListener(ServiceProxyListener listener) {
        generations.add(listener);
    }

    synchronized Condition status() {
        if (!holder.isConfigured()) {
            return new Condition(
                    Condition.Code.NOT_READY,
                    "NoServiceProxy",
                    "this node has no service proxy; choose one, for example serviceProxy(\"iptables\")");
        }
        if (!holder.failure().isEmpty()) {
            return new Condition(Condition.Code.NOT_READY, "ServiceProxyFailed", holder.failure());
        }
        return holder.current().map(ServiceProxy::status).orElse(Condition.READY);
    }

    /** Forgets all services and takes them out of the kernel. */
    synchronized void removeAll() {
        Set<ServiceId> all = new HashSet<>(controller.services());
        all.addAll(allocator.holders());
        all.forEach(this::drop);
        controller.handMadeSlices().forEach(slice -> controller.removeSlice(slice.service(), slice.name()));
        controller.step();
        holding = false;
        completeIsDue = true;
        names.forgetWhatWasTold();
        tellNamesAnyway(Optional.empty());
        holder.cleanUp();
    }

    @Override
    public synchronized void close() {
        holder.close();
    }
}
