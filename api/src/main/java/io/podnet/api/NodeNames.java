package io.podnet.api;

import io.podnet.spi.NameChanges;
import io.podnet.spi.NameChanges.PodAddresses;
import io.podnet.spi.NameResolver;
import io.podnet.spi.NameResolverProvider;
import io.podnet.spi.PodResolvConf;
import io.podnet.spi.PodResolvConf.NodeServers;
import io.podnet.spi.Providers;
import io.podnet.spi.ServiceChanges;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's name resolver, told what services, pods and namespaces there are; where none is configured, nobody is told.
 * What it is told is for one thread at a time, {@link #attach} and {@link #detach} for any.
 */
final class NodeNames implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Podnet.class);
    private static final String DIRECTORY = "name-resolver";
    private static final ServiceChanges NO_CHANGE =
            new ServiceChanges(false, List.of(), List.of(), List.of(), List.of());

    private final Optional<NameResolver> resolver;
    private final Optional<UpstreamWatch> upstreams;
    private final Map<PodId, PodAddresses> pods = new HashMap<>();
    private final Set<PodId> ended = new HashSet<>();
    private final Set<PodId> changed = new LinkedHashSet<>();
    // Of each namespace, the pods and services in it.
    private final Map<String, Set<Object>> holders = new HashMap<>();
    private Set<String> named = Set.of();
    private boolean namedChanged;
    private boolean completeIsDue = true;

    NodeNames(Optional<NameResolver> resolver) {
        this(resolver, Optional.empty());
    }

    private NodeNames(Optional<NameResolver> resolver, Optional<UpstreamWatch> upstreams) {
        this.resolver = resolver;
        this.upstreams = upstreams;
    }

    static NodeNames open(NodeSettings settings, NodeParts parts, StateDirectory state, NamespaceRef namespace) {
        NameSettings names = settings.names();
        boolean chosen = !names.upstreams().isEmpty();
        NodeServers upstreams = chosen
                ? new NodeServers(names.upstreams(), List.of())
                : PodResolvConf.nodeServers(settings.resolvConf());
        Optional<NameResolver> resolver = names.resolver().map(name -> {
            NameResolverProvider provider = parts.resolvers().get(name);
            return Providers.required(
                    provider,
                    provider.create(new NameResolverProvider.Context(
                            settings.clusterDomain(),
                            settings.podCidrs(),
                            settings.services().serviceCidrs(),
                            upstreams.ips(),
                            settings.resolvConf(),
                            namespace,
                            state.directory(DIRECTORY, Names.cniId("name resolver", name)),
                            names.resolverOptions(),
                            parts.telemetry())));
        });
        return new NodeNames(
                resolver,
                resolver.filter(present -> !chosen)
                        .map(present -> new UpstreamWatch(settings.resolvConf(), upstreams, present::upstreams)));
    }

    boolean isConfigured() {
        return resolver.isPresent();
    }

    NameResolver resolver() {
        return resolver.orElseThrow(() -> new PodnetException.Unsupported(
                "this node has no name resolver; choose one, for example nameResolver(\"dns\")"));
    }

    /** Ready without a resolver: pods have the node's resolv.conf then. */
    Condition status() {
        return resolver.map(NameResolver::status).orElse(Condition.READY);
    }

    /** Begins to serve a pod; gives what its resolv.conf says, empty without a resolver. */
    Optional<NameResolver.ResolvConf> attach(PodSpec pod, NamespaceRef namespace) {
        return resolver.map(present -> present.attachPod(pod, namespace));
    }

    /** What runs, runs on: a pod of an earlier process that cannot be served again is left with the node's resolv.conf. */
    Optional<NameResolver.ResolvConf> attachAgain(PodSpec pod, NamespaceRef namespace) {
        try {
            return attach(pod, namespace);
        } catch (PodnetException e) {
            LOG.atWarn()
                    .addKeyValue("namespace", pod.id().namespace())
                    .addKeyValue("pod", pod.id().name())
                    .log(
                            "the pod is adopted without the name resolver, with the node's resolv.conf: {}",
                            e.getMessage());
            return Optional.empty();
        }
    }

    /** Ends serving a pod. A failure must not keep its network, so it is only told. */
    void detach(PodId pod) {
        resolver.ifPresent(present -> {
            try {
                present.detachPod(pod);
            } catch (PodnetException e) {
                LOG.atWarn()
                        .addKeyValue("namespace", pod.namespace())
                        .addKeyValue("pod", pod.name())
                        .log("the name resolver does not let go of the pod: {}", e.getMessage());
            }
        });
    }

    void put(PodSpec pod, List<IpAddress> ips) {
        ended.remove(pod.id());
        pods.put(pod.id(), new PodAddresses(pod, ips));
        changed.add(pod.id());
    }

    void remove(PodId pod) {
        if (pods.remove(pod) != null || ended.remove(pod)) {
            changed.add(pod);
        }
    }

    /**
     * A pod that ended for good has no name, but is still in its namespace: CoreDNS watches no pods of the phases Succeeded
     * and Failed, plugin/kubernetes/controller.go.
     */
    void ended(PodId pod) {
        if (pods.remove(pod) != null) {
            ended.add(pod);
            changed.add(pod);
        }
    }

    /** Takes the namespaces that exist besides those of pods and services. */
    void namespaces(Collection<String> all) {
        Set<String> now = Set.copyOf(all);
        namedChanged |= !now.equals(named);
        named = now;
    }

    /** Makes the next step a complete one. */
    void forgetWhatWasTold() {
        completeIsDue = true;
    }

    /**
     * Tells what changed. What the resolver refuses, and everything else, it is told again with the next step.
     *
     * @param step what changed of the services
     * @param all gives all of them
     */
    void tell(Optional<ServiceChanges> step, Supplier<ServiceChanges> all) {
        if (resolver.isEmpty() || (!completeIsDue && step.isEmpty() && changed.isEmpty() && !namedChanged)) {
            return;
        }
        ServiceChanges services = completeIsDue ? all.get() : step.orElse(NO_CHANGE);
        NameChanges changes = services.complete() ? everything(services) : difference(services);
        completeIsDue = true;
        resolver.get().apply(changes);
        completeIsDue = false;
        namedChanged = false;
        changed.clear();
    }

    private NameChanges everything(ServiceChanges services) {
        holders.clear();
        pods.keySet().forEach(pod -> hold(pod.namespace(), pod));
        ended.forEach(pod -> hold(pod.namespace(), pod));
        services.services().forEach(service -> hold(service.id().namespace(), service.id()));
        return new NameChanges(services, List.copyOf(pods.values()), Set.of(), namespaces());
    }

    private NameChanges difference(ServiceChanges services) {
        services.removedServices().forEach(id -> release(id.namespace(), id));
        services.services().forEach(service -> hold(service.id().namespace(), service.id()));
        Set<PodId> gone = new HashSet<>(changed);
        gone.removeAll(pods.keySet());
        gone.stream().filter(pod -> !ended.contains(pod)).forEach(pod -> release(pod.namespace(), pod));
        List<PodAddresses> present =
                changed.stream().filter(pods::containsKey).map(pods::get).toList();
        present.forEach(pod -> hold(pod.spec().id().namespace(), pod.spec().id()));
        return new NameChanges(services, present, gone, namespaces());
    }

    private void hold(String namespace, Object holder) {
        holders.computeIfAbsent(namespace, name -> new HashSet<>()).add(holder);
    }

    private void release(String namespace, Object holder) {
        holders.computeIfPresent(namespace, (name, all) -> {
            all.remove(holder);
            return all.isEmpty() ? null : all;
        });
    }

    private Set<String> namespaces() {
        Set<String> all = new HashSet<>(named);
        all.addAll(holders.keySet());
        return all;
    }

    @Override
    public void close() {
        upstreams.ifPresent(UpstreamWatch::close);
        resolver.ifPresent(NameResolver::close);
    }
}
