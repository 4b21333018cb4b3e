package io.podnet.api;

import io.podnet.cluster.ClusterServices;
import io.podnet.cluster.NodeShare;
import io.podnet.cluster.ViewStep;
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
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The inside of {@link Services}: wishes and pods go into the allocator and the endpoints controller, whose steps go to
 * the proxy and to the name resolver. Nothing flows back but how far the kernel is.
 */
final class ServiceDesk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Podnet.class);

    private final List<Cidr> serviceCidrs;
    private final ServiceWishes wishes;
    private final Optional<NodeShare> share;
    private final ProxyHolder holder;
    private final ProgrammedGenerations generations;
    private final NodeNames names;
    private final EndpointsController controller;
    private boolean completeIsDue = true;
    // Until start.
    private boolean holding = true;
    private boolean heardOfAll;

    /** For a node that stands alone. */
    ServiceDesk(
            List<Cidr> serviceCidrs,
            ServiceAllocator allocator,
            ProxyHolder holder,
            ProgrammedGenerations generations,
            NodeNames names) {
        this.serviceCidrs = serviceCidrs;
        this.share = Optional.empty();
        this.holder = holder;
        this.generations = generations;
        this.names = names;
        this.controller = new EndpointsController();
        this.wishes = new LocalWishes(this, serviceCidrs, allocator);
    }

    /** For a node of a cluster. */
    ServiceDesk(
            List<Cidr> serviceCidrs,
            String nodeName,
            NodeShare share,
            ClusterServices services,
            ProxyHolder holder,
            ProgrammedGenerations generations,
            NodeNames names) {
        this.serviceCidrs = serviceCidrs;
        this.share = Optional.of(share);
        this.holder = holder;
        this.generations = generations;
        this.names = names;
        this.controller = new EndpointsController(Optional.of(nodeName));
        this.wishes = new SharedWishes(this, serviceCidrs, services);
    }

    /**
     * Begins, with the pods of an earlier process known. Where that process left rules, and services that may come
     * again, nothing is told before the caller has said which: rules must not go and come back, and a name that is not
     * known yet must not be denied.
     */
    synchronized void start() {
        heardOfAll = share.isEmpty();
        holder.cleanUpOthers();
        boolean heard = holder.wasUsed() || names.isConfigured();
        holding = share.isPresent() || (heard && wishes.mayComeAgain());
        if (heard && !holding) {
            tellAnyway();
        }
    }

    EndpointsController controller() {
        return controller;
    }

    /** Leaves out addresses that no endpoint may have: the proxy would refuse them, and with them all that comes after. */
    List<IpAddress> endpointAddresses(PodId pod, List<IpAddress> ips) {
        return ips.stream().filter(ip -> mayBeEndpoint(pod, ip)).toList();
    }

    private boolean mayBeEndpoint(PodId pod, IpAddress ip) {
        String refusal = SliceRules.refusal(ip, serviceCidrs);
        if (!refusal.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("pod", pod.name())
                    .addKeyValue("namespace", pod.namespace())
                    .addKeyValue("address", ip)
                    .log("this address of the pod is no service's endpoint: it is {}", refusal);
        }
        return refusal.isEmpty();
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

    Service apply(ServiceSpec spec) {
        return wishes.apply(spec);
    }

    ServicesResult replaceAll(Collection<ServiceSpec> wanted, Collection<EndpointSlice> slices) {
        return wishes.replaceAll(wanted, slices);
    }

    boolean remove(ServiceId id) {
        return wishes.remove(id);
    }

    void applyEndpointSlice(EndpointSlice slice) {
        wishes.apply(slice);
    }

    boolean removeEndpointSlice(ServiceId service, String name) {
        return wishes.remove(new SliceId(service, name));
    }

    /** Forgets a service, until the next step. */
    synchronized void drop(ServiceId id) {
        controller.removeService(id);
        generations.forget(id);
    }

    /** A step that the proxy refused was taken back, so that it is none for the proxy; the resolver may have taken it. */
    synchronized void backAsItWas() {
        step();
        names.forgetWhatWasTold();
        tellNamesAnyway(Optional.empty());
    }

    /** Takes what is new in the cluster. */
    synchronized void take(ViewStep step) {
        step.removed().forEach(item -> {
            if (item instanceof ViewStep.OfService service) {
                drop(service.selected().service().id());
            } else if (item instanceof ViewStep.OfSlice slice) {
                controller.removeSlice(slice.id().service(), slice.id().name());
            }
        });
        step.present().forEach(item -> {
            if (item instanceof ViewStep.OfService service) {
                controller.put(service.selected());
            } else if (item instanceof ViewStep.OfSlice slice) {
                controller.put(slice.slice());
            }
        });
        podsChanged();
    }

    /** All that is to be known before the first step is known: that step is complete. */
    synchronized void complete() {
        heardOfAll = true;
        resume();
    }

    /** Goes on after {@link #removeAll}, and after the start. */
    synchronized void resume() {
        if (holding && heardOfAll) {
            tellAnyway();
        }
    }

    /** Tells what pods changed; before the caller has said which services there are, that is noted only. */
    synchronized void podsChanged() {
        if (holding) {
            step();
        } else {
            tellAnyway();
        }
    }

    /** Tells the others of this node's endpoints, whatever becomes of its own proxy and resolver. */
    private Optional<ServiceChanges> step() {
        Optional<ServiceChanges> step = controller.step();
        share.ifPresent(others -> step.ifPresent(changes -> {
            changes.endpointSlices().stream()
                    .filter(slice -> !controller.isHandMade(slice.service(), slice.name()))
                    .forEach(others::put);
            changes.removedEndpointSlices().forEach(others::remove);
        }));
        return step;
    }

    private void noLongerHolding() {
        holding = false;
        notifyAll();
    }

    /** Tells the proxy, and where that fails leaves the change to the next step, which is complete then. */
    synchronized void tellAnyway() {
        noLongerHolding();
        Optional<ServiceChanges> step = step();
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

    synchronized void tell() {
        noLongerHolding();
        Optional<ServiceChanges> step = step();
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
        long end = System.nanoTime() + timeout.toNanos();
        long generation;
        ServiceProxy proxy;
        synchronized (this) {
            if (!awaitTelling(end)) {
                return false;
            }
            Service service =
                    controller.service(id).orElseThrow(() -> new PodnetException.NotFound("there is no service " + id));
            if (service.clusterIps().isEmpty()) {
                return true;
            }
            proxy = holder.get();
            generation = generations.newest(id);
        }
        return proxy.awaitProgrammed(generation, Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    }

    private boolean awaitTelling(long end) {
        while (holding && share.isPresent()) {
            long millis = (end - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                return false;
            }
            try {
                wait(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    synchronized ServiceProxy proxy() {
        return holder.get();
    }

    synchronized Plan plan(ServiceSpec spec) {
        Allocated allocated = wishes.preview(spec);
        Optional<ServiceChanges> step =
                controller.preview(new SelectedService(allocated.service(), allocated.families()));
        if (step.isEmpty()) {
            return new Plan(List.of());
        }
        // A proxy that knows nothing yet takes complete steps only.
        return holder.get().plan(completeIsDue ? controller.completeWith(step.get()) : step.get());
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

    /** Forgets all services and takes them out of the kernel; those of other nodes' users stay with the others. */
    void removeAll() {
        wishes.forgetAll();
        synchronized (this) {
            step();
            holding = share.isPresent();
            completeIsDue = true;
            names.forgetWhatWasTold();
            if (!holding) {
                tellNamesAnyway(Optional.empty());
            }
            holder.cleanUp();
        }
    }

    @Override
    public synchronized void close() {
        holder.close();
    }
}
