package io.podnet.iptables;

import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import io.podnet.iptables.conntrack.StaleFlows;
import io.podnet.iptables.health.HealthCheckServer;
import io.podnet.iptables.restore.Flavour;
import io.podnet.iptables.restore.NamespacePrograms;
import io.podnet.iptables.restore.RuleTool;
import io.podnet.iptables.restore.Tool;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.conntrack.UdpConnections;
import io.podnet.netlink.namespace.NamespaceChannels;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.nftables.NftablesGenerations;
import io.podnet.netlink.socket.NetlinkConversation;
import io.podnet.netlink.socket.NetlinkEvents;
import io.podnet.netlink.xtables.LegacyTables;
import io.podnet.services.ModelSettings;
import io.podnet.services.ServiceModel;
import io.podnet.spi.ServiceProxyProvider.Context;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a proxy of its parts, and takes back what was made where one fails. */
final class ProxyParts {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyParts.class);

    private final Context context;
    private final List<Path> directories;
    private final ProxyOptions options;
    private final LongSupplier nanoTime;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    private ProxyParts(Context context, List<Path> directories, LongSupplier nanoTime) {
        this.context = context;
        this.directories = directories;
        this.options = ProxyOptions.parse(context.options());
        this.nanoTime = nanoTime;
    }

    static IptablesServiceProxy open(Context context, List<Path> directories, LongSupplier nanoTime) {
        ProxyParts parts = new ProxyParts(context, directories, nanoTime);
        try {
            return parts.open();
        } catch (RuntimeException e) {
            closeAll(parts.opened);
            throw e;
        }
    }

    static void closeAll(Deque<AutoCloseable> opened) {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                LOG.atWarn().setCause(e).log("a part of the service proxy could not be closed");
            }
        }
    }

    private <T extends AutoCloseable> T keep(T part) {
        opened.push(part);
        return part;
    }

    private IptablesServiceProxy open() {
        NamespaceThreads threads = keep(new NamespaceThreads());
        NetlinkConversation netfilter = keep(
                threads.callIn(context.namespace(), () -> NetlinkConversation.open(LinuxNetlink.NETLINK_NETFILTER)));
        Flavour flavour = new FlavourChoice(directories, threads, context.namespace(), hasNftables(netfilter))
                .choose(options.backend());
        ModelSettings settings = modelSettings();
        NodeFacts facts = keep(new NodeFacts(threads, context.namespace(), settings, options.masqueradeBit()));
        Function<IpFamily, RuleWatch> watches = watches(flavour, threads, netfilter);
        List<FamilyProgrammer> families = new ArrayList<>();
        List<String> lacks = new ArrayList<>();
        Lock writing = new ReentrantLock();
        for (IpFamily family : IpFamily.values()) {
            Optional<Tool> tool = Tool.find(directories, flavour, family);
            if (family == IpFamily.IPV6 && (tool.isEmpty() || !hasIpv6())) {
                lacks.add(
                        tool.isEmpty()
                                ? Tool.missing(directories, flavour, family).getMessage()
                                : "the kernel has no IPv6");
                continue;
            }
            RuleWatch watch = watches.apply(family);
            RuleTool rules = new RuleTool(
                    tool.orElseThrow(() -> Tool.missing(directories, flavour, family)),
                    new NamespacePrograms(context.namespace(), watch::started),
                    writing,
                    options.lockWait(),
                    options.toolTimeout());
            families.add(new FamilyProgrammer(rules, watch, facts.settings(family), context.telemetry()));
        }
        DesiredState desired = new DesiredState(
                new ServiceModel(settings),
                families.stream().map(FamilyProgrammer::family).toList(),
                nanoTime);
        Announcements announcements = keep(new Announcements());
        HealthCheckServer health = keep(healthChecks(threads, () -> isUpToDate(desired)));
        UdpAftermath udp = new UdpAftermath(new StaleFlows(new UdpConnections(netfilter)), context.serviceCidrs());
        boolean hasNftables = hasNftables(netfilter);
        OtherBackend other = new OtherBackend(() -> otherTools(flavour, hasNftables, threads, writing));
        SyncLoop loop = new SyncLoop(
                desired, families, facts, udp, health, other, announcements, options, context.telemetry(), nanoTime);
        return new IptablesServiceProxy(
                desired, families, facts, udp, other, announcements, loop, lacks, options, context.telemetry(), opened);
    }

    /** The tools that were not chosen, of families that have tables of theirs: the legacy ones would make them. */
    private List<RuleTool> otherTools(Flavour chosen, boolean hasNftables, NamespaceThreads threads, Lock writing) {
        Flavour flavour = chosen == Flavour.NFT ? Flavour.LEGACY : Flavour.NFT;
        List<RuleTool> tools = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            boolean mayHaveRules = flavour == Flavour.NFT
                    ? hasNftables
                    : FlavourChoice.hasLegacyTables(threads, context.namespace(), family);
            if (mayHaveRules) {
                Tool.find(directories, flavour, family)
                        .ifPresent(tool -> tools.add(new RuleTool(
                                tool,
                                new NamespacePrograms(context.namespace(), processId -> {}),
                                writing,
                                options.lockWait(),
                                options.toolTimeout())));
            }
        }
        return tools;
    }

    private boolean isUpToDate(DesiredState desired) {
        return desired.pendingNanos().orElse(0) <= 2 * options.syncPeriod().toNanos();
    }

    private ModelSettings modelSettings() {
        return options.modelSettings(
                context.nodeName(),
                context.zone(),
                context.podCidrs(),
                context.serviceCidrs(),
                context.externalCidrs());
    }

    private HealthCheckServer healthChecks(NamespaceThreads threads, BooleanSupplier healthy) {
        try {
            return new HealthCheckServer(new NamespaceChannels(threads, context.namespace()), healthy);
        } catch (IOException e) {
            throw new PodnetException.StateFailure("no socket can be opened for health checks", e);
        }
    }

    private static boolean hasNftables(NetlinkConversation netfilter) {
        try {
            return NftablesGenerations.current(netfilter) >= 0;
        } catch (PodnetException.Unsupported e) {
            return false;
        }
    }

    private static boolean hasIpv6() {
        return Files.exists(Path.of("/proc/sys/net/ipv6"));
    }

    private Function<IpFamily, RuleWatch> watches(
            Flavour flavour, NamespaceThreads threads, NetlinkConversation netfilter) {
        if (flavour == Flavour.NFT) {
            NetlinkEvents generations = threads.callIn(context.namespace(), () -> NftablesGenerations.open());
            NftChanges changes = keep(new NftChanges(generations, netfilter));
            return family -> new NftWatch(changes);
        }
        LegacyTables tables = keep(new LegacyTables(threads, context.namespace()));
        return family -> new LegacyWatch(tables, family, nanoTime);
    }
}
