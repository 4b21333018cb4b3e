package io.podnet.api;

import io.podnet.allocation.LocalServiceAllocator;
import io.podnet.spi.ServiceProxyProvider;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A node's services, joined: where wishes arrive, where pods arrive, and what both go through. */
record NodeServices(ServiceDesk desk, PodEndpoints pods, NodeNames names) implements AutoCloseable {
    static NodeServices open(
            NodeSettings settings, NodeParts parts, StateDirectory state, NamespaceRef namespace, NodeNames names) {
        ServiceSettings services = settings.services();
        LocalServiceAllocator allocator = new LocalServiceAllocator(
                services.serviceCidrs(),
                settings.podCidrs().stream().map(Cidr::family).toList(),
                FileAllocationStore.open(state.directory("services")),
                new SecureRandom());
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
                        options),
                services.proxyOptions(),
                generations);
        ServiceDesk desk = new ServiceDesk(services.serviceCidrs(), allocator, holder, generations, names);
        return new NodeServices(
                desk, new PodEndpoints(desk, settings.nodeName(), services.zone(), services.podsReadyAtSetUp()), names);
    }

    /** Begins, with the pods of an earlier process. */
    void start(Collection<PodNetwork> adopted) {
        adopted.forEach(pod -> pods.up(pod.spec(), pod.ips()));
        desk.start();
    }

    /** Sends nobody to a pod any more, and waits for those who may remember its names; true where the wait was cut short. */
    boolean withdraw(PodId pod) {
        if (pods.withdraw(pod) && names.isConfigured()) {
            try {
                TimeUnit.NANOSECONDS.sleep(names.resolver().ttl().toNanos());
            } catch (InterruptedException e) {
                return true;
            }
        }
        return false;
    }

    void gone(List<PodId> ids) {
        pods.gone(ids);
        ids.forEach(names::detach);
    }

    @Override
    public void close() {
        desk.close();
    }
}
