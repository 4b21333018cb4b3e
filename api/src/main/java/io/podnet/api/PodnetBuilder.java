package io.podnet.api;

import io.podnet.spi.AddressRange;
import io.podnet.spi.AddressRangeSet;
import io.podnet.spi.AttachmentStore;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.ClusterStoreProvider;
import io.podnet.spi.IpamProvider;
import io.podnet.spi.NameResolverProvider;
import io.podnet.spi.NetworkPluginProvider;
import io.podnet.spi.Providers;
import io.podnet.spi.SandboxProvider;
import io.podnet.spi.ServiceProxyProvider;
import io.podnet.spi.telemetry.Telemetry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Collects a node's settings; {@link #start} makes the node. No argument may be null. Not thread-safe. */
@API(status = API.Status.STABLE, since = "0.1")
public final class PodnetBuilder {
    private String nodeName = "node";
    private List<Cidr> podCidrs = List.of();
    private List<Cidr> nonMasqueradeCidrs = List.of();
    private String networkPlugin = "bridge";
    private String ipam = "host-local";
    private String sandboxes = "linux";
    private int mtu;
    private String interfaceName = "eth0";
    private Path stateDirectory = Path.of("/run/podnet");
    private Path netnsDirectory = Path.of("/run/netns");
    private Path resolvConf = Path.of("/etc/resolv.conf");
    private String clusterDomain = "cluster.local";
    private String clusterName = "default";
    private StoreChoice clusterStore = new StoreChoice.None();
    private Optional<Path> nodeNamespace = Optional.empty();
    private boolean removePodsOnClose;
    private ClassLoader classLoader = Podnet.class.getClassLoader();
    private UnaryOperator<AttachmentStore> attachments = UnaryOperator.identity();
    private final Map<String, String> pluginOptions = new TreeMap<>();
    private final Map<String, String> ipamOptions = new TreeMap<>();
    private final Map<String, String> proxyOptions = new TreeMap<>();
    private final Map<String, String> resolverOptions = new TreeMap<>();
    private Optional<String> nameResolver = Optional.empty();
    private List<IpAddress> upstreams = List.of();
    private Optional<String> serviceProxy = Optional.empty();
    private List<Cidr> serviceCidrs = List.of();
    private List<Cidr> externalCidrs = List.of();
    private Optional<String> zone = Optional.empty();
    private boolean podsReadyAtSetUp = true;
    private Optional<MetricsListener> metrics = Optional.empty();

    PodnetBuilder() {}

    /**
     * Names the node.
     *
     * @param name an RFC 1123 subdomain, as a Kubernetes node name is one
     * @return this builder
     */
    public PodnetBuilder nodeName(String name) {
        this.nodeName = Names.dnsSubdomain("node name", name);
        return this;
    }

    /**
     * Sets the node's pod CIDR, or both for dual stack. Where this is not called the network plugin chooses, if it can.
     *
     * @param cidrs one network, or two of different families separated by a comma
     * @return this builder
     * @throws PodnetException.Invalid where a part is no network without host bits
     */
    public PodnetBuilder podCidr(String cidrs) {
        List<Cidr> parsed = new ArrayList<>(cidrs(cidrs));
        parsed.sort(Comparator.comparing(Cidr::family));
        this.podCidrs = List.copyOf(parsed);
        return this;
    }

    private static List<Cidr> cidrs(String text) {
        List<Cidr> parsed = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            parsed.add(Cidr.parse(part.strip()));
        }
        return List.copyOf(parsed);
    }

    /**
     * Chooses what makes services reachable. Where this is not called, services have names and endpoints only.
     *
     * @param name a provider's name, for example {@code iptables}
     * @return this builder
     */
    public PodnetBuilder serviceProxy(String name) {
        this.serviceProxy = Optional.of(name);
        return this;
    }

    /**
     * Sets an option of the service proxy.
     *
     * @param name the option's name, as its provider documents it
     * @param value its value
     * @return this builder
     */
    public PodnetBuilder serviceProxyOption(String name, String value) {
        proxyOptions.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
        return this;
    }

    /**
     * Chooses what answers the pods' queries for names. Where this is not called, pods ask the servers of the node's
     * resolv.conf, which know neither pods nor services.
     *
     * @param name a provider's name, for example {@code dns}
     * @return this builder
     */
    public PodnetBuilder nameResolver(String name) {
        this.nameResolver = Optional.of(name);
        return this;
    }

    /**
     * Sets an option of the name resolver.
     *
     * @param name the option's name, as its provider documents it
     * @param value its value
     * @return this builder
     */
    public PodnetBuilder nameResolverOption(String name, String value) {
        resolverOptions.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
        return this;
    }

    /**
     * Sets the servers that the name resolver asks for names outside the cluster.
     *
     * @param servers in order of preference; those of the node's resolv.conf where this is not called or the list is
     *     empty: the file is looked at each second then, so that servers of DHCP or a VPN are asked without a restart. A
     *     file that names none leaves those that it named before
     * @return this builder
     */
    public PodnetBuilder upstreams(List<IpAddress> servers) {
        this.upstreams = List.copyOf(servers);
        return this;
    }

    /**
     * Sets the networks that cluster IPs come from: kube-apiserver's {@code --service-cluster-ip-range}. The first one's
     * family is the one of services that do not say.
     *
     * @param cidrs one network, or two of different families separated by a comma
     * @return this builder
     * @throws PodnetException.Invalid where a part is no network without host bits
     */
    public PodnetBuilder serviceCidrs(String cidrs) {
        this.serviceCidrs = cidrs(cidrs);
        return this;
    }

    /**
     * Sets the networks that external and load balancer IPs may come from. Where this is not called, none is admitted:
     * who may claim any address may take any traffic (CVE-2020-8554).
     *
     * @param cidrs networks separated by commas
     * @return this builder
     * @throws PodnetException.Invalid where a part is no network without host bits
     */
    public PodnetBuilder externalCidrs(String cidrs) {
        this.externalCidrs = cidrs(cidrs);
        return this;
    }

    /**
     * Names the node's zone: Kubernetes' label {@code topology.kubernetes.io/zone}.
     *
     * @param name the zone
     * @return this builder
     */
    public PodnetBuilder zone(String name) {
        this.zone = Optional.of(Names.dnsSubdomain("zone", name));
        return this;
    }

    /**
     * Chooses whether a pod counts as ready when it is set up or adopted.
     *
     * @param ready true where this is not called; with false somebody says so by {@link Podnet#setReady}
     * @return this builder
     */
    public PodnetBuilder podsReadyAtSetUp(boolean ready) {
        this.podsReadyAtSetUp = ready;
        return this;
    }

    /**
     * Sets destinations that pods reach with their own addresses; kubenet's {@code --non-masquerade-cidr}. Where this is
     * not called: 10.0.0.0/8 and fd00::/8, besides the pod CIDRs.
     *
     * @param cidrs networks; 0.0.0.0/0 or ::/0 switches masquerading off for its family
     * @return this builder
     */
    public PodnetBuilder nonMasqueradeCidrs(List<Cidr> cidrs) {
        this.nonMasqueradeCidrs = List.copyOf(cidrs);
        return this;
    }

    /**
     * Chooses the network plugin.
     *
     * @param name a provider's name; {@code bridge} where this is not called
     * @return this builder
     */
    public PodnetBuilder networkPlugin(String name) {
        this.networkPlugin = Objects.requireNonNull(name, "name");
        return this;
    }

    /**
     * Chooses the Ipam.
     *
     * @param name a provider's name; {@code host-local} where this is not called
     * @return this builder
     */
    public PodnetBuilder ipam(String name) {
        this.ipam = Objects.requireNonNull(name, "name");
        return this;
    }

    /**
     * Chooses how sandboxes are made.
     *
     * @param name a provider's name; {@code linux} where this is not called
     * @return this builder
     */
    public PodnetBuilder sandboxes(String name) {
        this.sandboxes = Objects.requireNonNull(name, "name");
        return this;
    }

    /**
     * Sets an option of the network plugin.
     *
     * @param name the option's name, as its provider documents it
     * @param value its value
     * @return this builder
     */
    public PodnetBuilder networkPluginOption(String name, String value) {
        pluginOptions.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
        return this;
    }

    /**
     * Sets an option of the Ipam.
     *
     * @param name the option's name, as its provider documents it
     * @param value its value
     * @return this builder
     */
    public PodnetBuilder ipamOption(String name, String value) {
        ipamOptions.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
        return this;
    }

    /**
     * Sets the pods' MTU.
     *
     * @param bytes 576 to 65535, or 0 for the plugin's own rule
     * @return this builder
     */
    public PodnetBuilder mtu(int bytes) {
        this.mtu = bytes;
        return this;
    }

    /**
     * Sets the interface's name inside pods.
     *
     * @param name at most 15 characters; {@code eth0} where this is not called
     * @return this builder
     * @throws PodnetException.Invalid where the kernel would not take the name
     */
    public PodnetBuilder interfaceName(String name) {
        this.interfaceName = Names.interfaceName(name);
        return this;
    }

    /**
     * Sets where the node's records are. They describe objects of the running kernel, so a directory that does not
     * survive a reboot (a tmpfs) fits and makes set-up faster; one that does is swept at the next start.
     *
     * @param directory one directory for each node, held by one process at a time; {@code /run/podnet} where this is not
     *     called
     * @return this builder
     */
    public PodnetBuilder stateDirectory(Path directory) {
        this.stateDirectory = directory.toAbsolutePath();
        return this;
    }

    /**
     * Sets where network namespaces are pinned.
     *
     * @param directory {@code /run/netns} where this is not called, so that {@code ip netns exec} finds them
     * @return this builder
     */
    public PodnetBuilder netnsDirectory(Path directory) {
        this.netnsDirectory = directory.toAbsolutePath();
        return this;
    }

    /**
     * Sets the file that pods with DNS policy Default get their resolver from; each pod gets what it says then. One that names nothing but systemd-resolved's
     * stub stands for {@code /run/systemd/resolve/resolv.conf}.
     *
     * @param file {@code /etc/resolv.conf} where this is not called
     * @return this builder
     */
    public PodnetBuilder resolvConf(Path file) {
        this.resolvConf = file.toAbsolutePath();
        return this;
    }

    /**
     * Sets the cluster's domain.
     *
     * @param domain {@code cluster.local} where this is not called
     * @return this builder
     */
    public PodnetBuilder clusterDomain(String domain) {
        this.clusterDomain = Names.dnsSubdomain("cluster domain", domain);
        return this;
    }

    /**
     * Joins a cluster, with a store that the caller has: network plugin, Ipam and services share it with the cluster's other
     * nodes. Nodes of one JVM each get a connection to one {@link io.podnet.store.memory.MemoryHub}. Where neither this nor
     * {@link #clusterStore(String, Map)} is called, the node stands alone.
     *
     * @param store the store; the caller closes it, after the node
     * @return this builder
     */
    public PodnetBuilder clusterStore(ClusterStore store) {
        this.clusterStore = new StoreChoice.Given(store);
        return this;
    }

    /**
     * Joins a cluster, with a store that is made for the node and closed with it. The provider {@code memory} makes one that
     * nobody else sees.
     *
     * @param provider a provider's name, for example {@code etcd}
     * @param options its settings, as the provider documents them, for example {@code endpoints}
     * @return this builder
     */
    public PodnetBuilder clusterStore(String provider, Map<String, String> options) {
        this.clusterStore = new StoreChoice.ByName(provider, options);
        return this;
    }

    /**
     * Names the cluster, so that several can share one store of a provider.
     *
     * @param name an RFC 1123 subdomain, the same on all nodes; {@code default} where this is not called
     * @return this builder
     */
    public PodnetBuilder clusterName(String name) {
        this.clusterName = Names.dnsSubdomain("cluster name", name);
        return this;
    }

    /**
     * Sets the network namespace that is the node: bridge, host ends and rules are made there.
     *
     * @param netns a path to a network namespace; the process's own where this is not called
     * @return this builder
     */
    public PodnetBuilder nodeNamespace(Path netns) {
        this.nodeNamespace = Optional.of(netns.toAbsolutePath());
        return this;
    }

    /**
     * Chooses what {@link Podnet#close} does with the pods.
     *
     * @param remove true to tear all pods down and remove the bridge; false, as where this is not called, to leave all
     *     running for the next process
     * @return this builder
     */
    public PodnetBuilder removePodsOnClose(boolean remove) {
        this.removePodsOnClose = remove;
        return this;
    }

    /**
     * Chooses where providers are looked for.
     *
     * @param loader the loader of this class where this is not called
     * @return this builder
     */
    public PodnetBuilder classLoader(ClassLoader loader) {
        this.classLoader = Objects.requireNonNull(loader, "loader");
        return this;
    }

    /**
     * Wraps the store of records, to observe it, to keep a copy elsewhere, or to make it fail in a test.
     *
     * @param wrapper given the file store, gives the one to use
     * @return this builder
     */
    public PodnetBuilder attachmentStore(UnaryOperator<AttachmentStore> wrapper) {
        this.attachments = Objects.requireNonNull(wrapper, "wrapper");
        return this;
    }

    /**
     * Has somebody told how long each phase took; Java Flight Recorder is told with and without.
     *
     * @param listener the host program's metrics; nobody's where this is not called
     * @return this builder
     */
    public PodnetBuilder metrics(MetricsListener listener) {
        this.metrics = Optional.of(listener);
        return this;
    }

    /** Makes a range set of each pod CIDR, IPv4 first. */
    static List<AddressRangeSet> rangesOf(List<Cidr> podCidrs) {
        if (podCidrs.isEmpty()) {
            throw new PodnetException.Invalid("a node needs a pod CIDR, for example podCidr(\"10.244.1.0/24\")");
        }
        if (podCidrs.stream().map(Cidr::family).distinct().count() != podCidrs.size()) {
            throw new PodnetException.Invalid("pod CIDRs " + podCidrs + " have two of one family");
        }
        return podCidrs.stream()
                .sorted(Comparator.comparing(Cidr::family))
                .map(cidr -> new AddressRangeSet(List.of(AddressRange.of(cidr))))
                .toList();
    }

    /**
     * Starts the node: makes what all pods share, adopts the pods of an earlier process, finishes or takes back what it
     * left half done.
     *
     * @return the running node
     * @throws PodnetException where settings are wrong or the kernel lacks something; nothing is left behind then
     */
    public Podnet start() {
        ServiceSettings services = new ServiceSettings(
                serviceProxy, serviceCidrs, externalCidrs, zone, Map.copyOf(proxyOptions), podsReadyAtSetUp);
        services.check(podCidrs);
        NameSettings names = new NameSettings(nameResolver, upstreams, Map.copyOf(resolverOptions));
        names.check();
        Providers<ServiceProxyProvider> proxies = Providers.discover(ServiceProxyProvider.class, classLoader);
        serviceProxy.ifPresent(name -> proxies.get(name).checkOptions(services.proxyOptions()));
        NodeSettings settings = new NodeSettings(
                nodeName,
                podCidrs,
                nonMasqueradeCidrs.isEmpty()
                        ? List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("fd00::/8"))
                        : nonMasqueradeCidrs,
                networkPlugin,
                mtu,
                interfaceName,
                netnsDirectory,
                resolvConf,
                clusterDomain,
                clusterName,
                clusterStore,
                nodeNamespace,
                removePodsOnClose,
                Map.copyOf(pluginOptions),
                Map.copyOf(ipamOptions),
                services,
                names);
        NodeParts parts = new NodeParts(
                Providers.discover(ClusterStoreProvider.class, classLoader),
                Providers.discover(SandboxProvider.class, classLoader).get(sandboxes),
                Providers.discover(IpamProvider.class, classLoader).get(ipam),
                Providers.discover(NetworkPluginProvider.class, classLoader),
                proxies,
                Providers.discover(NameResolverProvider.class, classLoader),
                attachments,
                new Telemetry(nodeName, metrics));
        return new Podnet(Node.start(settings, parts, stateDirectory));
    }
}
