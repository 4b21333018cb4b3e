package io.podnet.api;

import io.podnet.allocation.AllocationPlanner;
import io.podnet.allocation.AllocationStore;
import io.podnet.allocation.LocalServiceAllocator;
import io.podnet.cluster.ClusterServices;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.ServiceProxyProvider;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A node's services, joined: where wishes arrive, where pods arrive, what both go through, and the cluster's part. */
record NodeServices(ServiceDesk desk, PodEndpoints pods, NodeNames names, Optional<ClusterFeed> feed)
        implements AutoCloseable {
    static NodeServices open(
            NodeSettings settings,
            NodeParts parts,
            StateDirectory state,
            NamespaceRef namespace,
            NodeNames names,
            Optional<ClusterStore> store) {
        ServiceSettings services = settings.services();
        ProgrammedGenerations generations = new ProgrammedGenerations();
        ProxyHolder holder = new ProxyHolder(
                services.proxy(),
                parts.proxies(),
                state,
                (directory, options) -> new ServiceProxyProvider.Context(
                        settings.nodeName(),
                        services.zone(),
                        namespace,
                        settings.podCidrs(),
                        services.serviceCidrs(),
                        services.externalCidrs(),
                        directory,
                        options,
                        parts.telemetry()),
                services.proxyOptions(),
                generations);
        return join(
                settings.nodeName(),
                settings.podCidrs().stream().map(Cidr::family).toList(),
                services,
                holder,
                generations,
                names,
                () -> FileAllocationStore.open(state.directory("services")),
                store);
    }

    /** Joins the parts, with the cluster where there is a store. */
    static NodeServices join(
            String nodeName,
            List<IpFamily> families,
            ServiceSettings services,
            ProxyHolder holder,
            ProgrammedGenerations generations,
            NodeNames names,
            Supplier<AllocationStore> files,
            Optional<ClusterStore> store) {
        SecureRandom random = new SecureRandom();
        Optional<ClusterFeed> feed = store.map(shared -> new ClusterFeed(shared, nodeName, names.isConfigured()));
        ServiceDesk desk = feed.map(joined -> new ServiceDesk(
                        services.serviceCidrs(),
                        nodeName,
                        joined.share(),
                        new ClusterServices(
                                joined.store(),
                                joined.session(),
                                new AllocationPlanner(services.serviceCidrs(), families, random),
                                joined.services()::written),
                        holder,
                        generations,
                        names))
                .orElseGet(() -> new ServiceDesk(
                        services.serviceCidrs(),
                        new LocalServiceAllocator(services.serviceCidrs(), families, files.get(), random),
                        holder,
                        generations,
                        names));
        PodEndpoints pods = new PodEndpoints(
                desk, nodeName, services.zone(), services.podsReadyAtSetUp(), feed.map(ClusterFeed::share));
        return new NodeServices(desk, pods, names, feed);
    }

    /** Begins, with the pods of an earlier process. */
    void start(Collection<PodNetwork> adopted) {
        if (feed.isPresent()) {
            // The desk waits for the feed, which waits for what is said of the pods.
            desk.start();
            feed.get().start(this);
            pods.adopt(adopted, feed.get()::podsTold);
        } else {
            pods.adopt(adopted, () -> {});
            desk.start();
        }
    }

    /**
     * Sends nobody to a pod any more, waits for those who may remember its names, and then goes on; an interrupt that ends
     * the wait is kept until after that.
     */
    boolean withdrawing(PodId pod, BooleanSupplier then) {
        boolean interrupted = false;
        if (pods.withdraw(pod) && names.isConfigured()) {
            try {
                TimeUnit.NANOSECONDS.sleep(names.resolver().ttl().toNanos());
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        try {
            return then.getAsBoolean();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    void gone(List<PodId> ids) {
        pods.gone(ids);
        ids.forEach(names::detach);
    }

    void removeAll() {
        desk.removeAll();
        feed.ifPresent(ClusterFeed::clear);
    }

    @Override
    public void close() {
        feed.ifPresent(ClusterFeed::close);
        desk.close();
    }
}
