package io.podnet.dns;

import io.podnet.api.Cidr;
import io.podnet.api.Condition;
import io.podnet.api.DnsForwarding;
import io.podnet.api.IpAddress;
import io.podnet.api.NamespaceRef;
import io.podnet.api.Phase;
import io.podnet.api.PodId;
import io.podnet.api.PodSpec;
import io.podnet.api.PodnetException;
import io.podnet.dns.answer.ServerSettings;
import io.podnet.dns.forward.CachingForwarder;
import io.podnet.dns.forward.ForwardRoutes;
import io.podnet.dns.index.IndexModel;
import io.podnet.dns.index.NameReasons;
import io.podnet.dns.index.Zone;
import io.podnet.dns.server.DnsServer;
import io.podnet.dns.server.IndexAnswers;
import io.podnet.dns.server.LocalAnswers;
import io.podnet.dns.server.PodView;
import io.podnet.dns.server.Serving;
import io.podnet.dns.wire.RecordType;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.spi.NameChanges;
import io.podnet.spi.NameResolver;
import io.podnet.spi.NameResolverProvider;
import io.podnet.spi.PodResolvConf;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The resolver: joins the model, the server and the forwarder. Safe for any thread. */
final class DnsResolver implements NameResolver {
    private static final Logger LOG = LoggerFactory.getLogger(DnsResolver.class);
    private static final int POD_PORT = 53;

    private final NameResolverProvider.Context context;
    private final DnsOptions options;
    private final IndexModel model;
    private final Serving serving;
    private final LocalAnswers local;
    private final Forwarding forwarding;
    private final CachingForwarder forwarder;
    private final DnsServer server;
    private final DirectLookup direct;
    private final NameReasons reasons;
    private final NamespaceThreads namespaces = new NamespaceThreads();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final ServedPods pods = new ServedPods();
    private final Object changed = new Object();

    DnsResolver(NameResolverProvider.Context context) {
        this.context = context;
        this.options = DnsOptions.of(context.options());
        List<Cidr> networks = new ArrayList<>(context.podCidrs());
        networks.addAll(context.serviceCidrs());
        Zone zone = new Zone(context.clusterDomain(), options.ttl(), networks);
        // The serial must not go back over a restart, so it begins at the time.
        model = new IndexModel(
                zone, options.withheldNamespaces(), TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis()));
        ServerSettings settings = new ServerSettings(options.addresses(), options.payloadSize());
        local = new IndexAnswers(model, zone, options.pods(), settings, options.ttl());
        reasons = new NameReasons(model, zone, options.pods());
        forwarding = new Forwarding(context, options, local);
        forwarder = forwarding.forwarder();
        opened.push(namespaces);
        opened.push(forwarder);
        serving = new Serving(model, zone, options.pods(), settings, options.ttl(), forwarder);
        direct = new DirectLookup(serving, Optional.empty(), local);
        try {
            server = new DnsServer(serving, options.threads(), namespaces);
            opened.push(server);
            for (IpAddress address : options.listen()) {
                server.serveNode(context.namespace(), address, options.port());
            }
        } catch (PodnetException e) {
            closeAll(e);
            throw e;
        }
    }

    @Override
    public long apply(NameChanges changes) {
        long generation = context.telemetry().observe(Phase.NAMES_UPDATE, "", () -> model.apply(changes));
        tellWaiting();
        return generation;
    }

    @Override
    public void replaceRecords(Collection<StaticRecord> records) {
        model.replaceRecords(records);
        tellWaiting();
    }

    private void tellWaiting() {
        synchronized (changed) {
            changed.notifyAll();
        }
    }

    @Override
    public boolean awaitVisible(String name, Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        synchronized (changed) {
            while (!direct.exists(name)) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    return false;
                }
                try {
                    changed.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return true;
        }
    }

    @Override
    public Answer lookup(String name, String type) {
        return direct.lookup(name, type);
    }

    @Override
    public Explanation explain(PodId pod, String name, String type) {
        PodView view = pods.asking(pod);
        DirectLookup asPod = new DirectLookup(serving, Optional.of(view), local);
        return new NameSearch(view, forwarder.routesOf(pod), reasons, asPod::lookup).explain(name, type);
    }

    @Override
    public void forwarding(PodId pod, Optional<DnsForwarding> own) {
        Optional<ForwardRoutes> routes = own.map(forwarding::routes);
        pods.whileAsking(
                pod,
                () -> routes.ifPresentOrElse(
                        chosen -> forwarder.setRoutes(pod, chosen), () -> forwarder.resetRoutes(pod)));
    }

    @Override
    public void upstreams(List<IpAddress> servers) {
        forwarding.upstreams(servers);
    }

    @Override
    public void forwardPolicy(ForwardPolicy policy) {
        forwarder.setPolicy((pod, name, type) -> policy.allows(pod, name.toString(), RecordType.mnemonic(type)));
    }

    @Override
    public ResolvConf attachPod(PodSpec pod, NamespaceRef namespace) {
        ResolvConf conf = PodResolvConf.of(
                pod,
                context.nodeResolvConf(),
                Optional.of(new PodResolvConf.Cluster(List.of(options.podAddress()), context.clusterDomain())));
        // With the policies Default and None it does not ask us, as a rule.
        boolean asks = conf.nameservers().contains(options.podAddress());
        pods.add(
                pod.id(), conf, view -> asks ? server.servePod(view, namespace, options.podAddress(), POD_PORT) : null);
        conf.warnings()
                .forEach(warning -> LOG.atWarn()
                        .addKeyValue("namespace", pod.id().namespace())
                        .addKeyValue("pod", pod.id().name())
                        .log("the pod's resolv.conf: {}", warning));
        return conf;
    }

    @Override
    public void detachPod(PodId pod) {
        DnsServer.Listening listening = pods.remove(pod);
        if (listening != null) {
            listening.close();
            forwarder.forgetPod(pod);
        }
    }

    @Override
    public void addListener(QueryListener listener) {
        serving.addListener(listener);
    }

    @Override
    public void removeListener(QueryListener listener) {
        serving.removeListener(listener);
    }

    @Override
    public Duration ttl() {
        return Duration.ofSeconds(options.ttl());
    }

    @Override
    public Condition status() {
        if (pods.refusing()) {
            return new Condition(Condition.Code.NOT_READY, "Draining", "the resolver withdraws; no new pod is served");
        }
        if (!model.index().complete()) {
            return new Condition(
                    Condition.Code.LIMITED,
                    "NothingKnown",
                    "the cluster's names are answered with SERVFAIL until the first complete step is applied");
        }
        if (!model.withheld().isEmpty()) {
            return new Condition(
                    Condition.Code.LIMITED,
                    "NamespacesWithheld",
                    "namespaces " + new TreeSet<>(model.withheld())
                            + " get no names, since a search list would let them"
                            + " capture names of the cluster; rename them, or set option withheldNamespaces");
        }
        return Condition.READY;
    }

    @Override
    public void drain(Duration time) {
        pods.refuse();
        serving.ttl(0);
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        if (!pods.close()) {
            return;
        }
        PodnetException failure = new PodnetException.StateFailure("closing the resolver failed", null);
        closeAll(failure);
        if (failure.getSuppressed().length > 0) {
            throw failure;
        }
    }

    // The server first, so that nobody asks the forwarder any more.
    private void closeAll(PodnetException collected) {
        for (AutoCloseable one : opened) {
            try {
                one.close();
            } catch (Exception e) {
                collected.addSuppressed(e);
            }
        }
    }
}
