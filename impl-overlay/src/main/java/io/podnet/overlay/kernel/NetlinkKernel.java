package io.podnet.overlay.kernel;

import io.podnet.api.IpFamily;
import io.podnet.api.NamespaceRef;
import io.podnet.api.PodnetException;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.ethtool.ReceiveOffload;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.nftables.NftablesGenerations;
import io.podnet.netlink.route.LinuxRtnetlink;
import io.podnet.netlink.route.RouteFilter;
import io.podnet.netlink.route.RouteNetlink;
import io.podnet.netlink.socket.ListeningThread;
import io.podnet.netlink.socket.NetlinkConversation;
import io.podnet.netlink.socket.NetlinkEvents;
import io.podnet.netlink.socket.NetlinkRequest;
import io.podnet.netlink.socket.RequestFailure;
import io.podnet.netlink.sysctl.InterfaceSysctls;
import io.podnet.overlay.model.Delta;
import io.podnet.overlay.model.NetworkSettings;
import io.podnet.overlay.model.Row;
import io.podnet.overlay.model.Tunnel;
import io.podnet.overlay.model.Underlay;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The real kernel, in a node's network namespace, by netlink. */
public final class NetlinkKernel implements OverlayKernel {
    private final NamespaceThreads threads;
    private final NamespaceRef namespace;
    private final RouteNetlink route;
    private final NetlinkConversation netfilter;
    private final InterfaceSysctls sysctls;
    private final ReceiveOffload offload;
    private final TunnelDevices devices;
    private final OverlayFilter filter;
    private final UnderlayFinder underlays;
    private final RowCodec codec;
    /** Links that are not ours but carry routes of ours. */
    private final Map<String, Integer> carriers = new ConcurrentHashMap<>();

    private final List<ListeningThread> listening = new ArrayList<>();

    private NetlinkKernel(
            NamespaceThreads threads,
            NamespaceRef namespace,
            RouteNetlink route,
            NetlinkConversation netfilter,
            InterfaceSysctls sysctls,
            ReceiveOffload offload,
            String network,
            NetworkSettings settings,
            List<String> underlay) {
        this.threads = threads;
        this.namespace = namespace;
        this.route = route;
        this.netfilter = netfilter;
        this.sysctls = sysctls;
        this.offload = offload;
        this.devices = new TunnelDevices(route, sysctls, offload, network);
        this.filter = new OverlayFilter(netfilter, FilterModel.of(settings));
        this.underlays = new UnderlayFinder(route, settings, underlay);
        this.codec = new RowCodec(this::index, this::name);
    }

    /**
     * Opens sockets in a node's namespace.
     *
     * @param namespace the node's; stays the caller's to close
     * @param network the network's name
     * @param settings the node's settings
     * @param underlay addresses or links to reach others by, empty to choose
     * @return the kernel, to be closed
     */
    public static NetlinkKernel open(
            NamespaceRef namespace, String network, NetworkSettings settings, List<String> underlay) {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try {
            NamespaceThreads threads = new NamespaceThreads(1);
            opened.push(threads);
            RouteNetlink route = threads.callIn(namespace, () -> RouteNetlink.open());
            opened.push(route);
            NetlinkConversation netfilter =
                    threads.callIn(namespace, () -> NetlinkConversation.open(LinuxNetlink.NETLINK_NETFILTER));
            opened.push(netfilter);
            InterfaceSysctls sysctls = InterfaceSysctls.open(threads, namespace);
            opened.push(sysctls);
            ReceiveOffload offload = ReceiveOffload.open(threads, namespace);
            return new NetlinkKernel(
                    threads, namespace, route, netfilter, sysctls, offload, network, settings, underlay);
        } catch (RuntimeException e) {
            while (!opened.isEmpty()) {
                try {
                    opened.pop().close();
                } catch (Exception again) {
                    e.addSuppressed(again);
                }
            }
            throw e;
        }
    }

    private Optional<Integer> index(String device) {
        return devices.index(device).or(() -> Optional.ofNullable(carriers.get(device)));
    }

    private Optional<String> name(int index) {
        return devices.device(index)
                .or(() -> carriers.entrySet().stream()
                        .filter(each -> each.getValue() == index)
                        .map(Map.Entry::getKey)
                        .findFirst());
    }

    @Override
    public List<Underlay> underlays() {
        List<Underlay> found = underlays.find();
        Map<String, Integer> now = new HashMap<>();
        for (Underlay underlay : found) {
            now.put(underlay.device(), route.links().get(underlay.device()).index());
        }
        carriers.keySet().retainAll(now.keySet());
        carriers.putAll(now);
        return found;
    }

    @Override
    public List<String> ensure(List<Tunnel> tunnels) {
        List<String> done = new ArrayList<>(filter.ensure());
        done.addAll(devices.removeOthers(tunnels));
        tunnels.forEach(tunnel -> done.addAll(devices.ensure(tunnel)));
        return done;
    }

    @Override
    public boolean isFilterSound() {
        return filter.isSound();
    }

    @Override
    public Map<Row.Key, Row> read() {
        Map<Row.Key, Row> rows = new HashMap<>();
        Consumer<Row> add = row -> rows.put(row.key(), row);
        filter.read().forEach(add);
        for (String device : devices.names()) {
            int index = devices.index(device).orElseThrow();
            route.addresses().list(index).forEach(each -> codec.read(each).ifPresent(add));
            route.bridgeFdb().list(index).forEach(each -> codec.read(each).ifPresent(add));
            for (IpFamily family : IpFamily.values()) {
                route.neighbours()
                        .list(family, index)
                        .forEach(each -> codec.read(each).ifPresent(add));
            }
        }
        for (IpFamily family : IpFamily.values()) {
            route.routes()
                    .list(RouteFilter.ofProtocol(family, RowCodec.PROTOCOL))
                    .forEach(each -> codec.read(each).ifPresent(add));
            route.rules().list(family).forEach(each -> RowCodec.read(each).ifPresent(add));
        }
        return rows;
    }

    @Override
    public List<PodnetException> apply(Delta delta) {
        List<PodnetException> failures = new ArrayList<>();
        List<Row> puts = delta.puts();
        List<Row.Key> drops = delta.drops();
        attempt(failures, () -> filter.put(of(Row.Member.class, puts)));
        List<NetlinkRequest> requests = new ArrayList<>();
        for (Row row : puts) {
            if (!(row instanceof Row.Member || row instanceof Row.Rule)) {
                attempt(failures, () -> requests.add(codec.putting(row)));
            }
        }
        attempt(failures, () -> batch(requests, requests.size(), failures));
        of(Row.Rule.class, puts)
                .forEach(row -> attempt(failures, () -> route.rules().ensure(RowCodec.rule(row))));
        drop(drops, failures);
        return failures;
    }

    private void drop(List<Row.Key> drops, List<PodnetException> failures) {
        List<NetlinkRequest> requests = new ArrayList<>();
        List<Row.Key> members = new ArrayList<>();
        for (Row.Key key : drops) {
            if (key.kind() == Row.Kind.MEMBER) {
                members.add(key);
            } else if (key.kind() == Row.Kind.RULE) {
                attempt(failures, () -> dropRule(key));
            } else if (key.kind() == Row.Kind.ROUTE || index(key.place()).isPresent()) {
                // With a device all its rows are gone.
                requests.add(codec.dropping(key));
            }
        }
        attempt(failures, () -> batch(requests, 0, failures));
        attempt(failures, () -> filter.drop(members));
    }

    private void dropRule(Row.Key key) {
        for (IpFamily family : IpFamily.values()) {
            route.rules().list(family).stream()
                    .filter(rule -> RowCodec.read(rule)
                            .filter(row -> row.key().equals(key))
                            .isPresent())
                    .forEach(rule -> route.rules().delete(rule));
        }
    }

    private static <T extends Row> List<T> of(Class<T> type, List<Row> rows) {
        return rows.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static void attempt(List<PodnetException> failures, Runnable step) {
        try {
            step.run();
        } catch (PodnetException e) {
            failures.add(e);
        }
    }

    /** Has requests carried out, of which the first so many put and the others drop. */
    private void batch(List<NetlinkRequest> requests, int puts, List<PodnetException> failures) {
        if (requests.isEmpty()) {
            return;
        }
        for (RequestFailure failure : route.conversation().tryBatch(requests)) {
            if (failure.index() < puts || !RowCodec.isAbsence(failure.errno())) {
                failures.add(failure.error());
            }
        }
    }

    @Override
    public void listen(Listener listener) {
        NetlinkEvents events = threads.callIn(
                namespace,
                () -> NetlinkEvents.open(
                        LinuxNetlink.NETLINK_ROUTE,
                        LinuxRtnetlink.RTNLGRP_LINK,
                        LinuxRtnetlink.RTNLGRP_NEIGH,
                        LinuxRtnetlink.RTNLGRP_IPV4_IFADDR,
                        LinuxRtnetlink.RTNLGRP_IPV4_ROUTE,
                        LinuxRtnetlink.RTNLGRP_IPV4_RULE,
                        LinuxRtnetlink.RTNLGRP_IPV6_IFADDR,
                        LinuxRtnetlink.RTNLGRP_IPV6_ROUTE,
                        LinuxRtnetlink.RTNLGRP_IPV6_RULE));
        KernelEvents rows = new KernelEvents(
                codec, listener, name -> devices.names().contains(name) || carriers.containsKey(name), devices::device);
        listening.add(ListeningThread.start("podnet-overlay-events", events, rows));
        if (filter.isNeeded()) {
            NetlinkEvents generations = threads.callIn(namespace, () -> NftablesGenerations.open());
            listening.add(ListeningThread.start("podnet-overlay-filter", generations, new FilterEvents(listener)));
        }
    }

    @Override
    public void removeAll() {
        Delta all = new Delta();
        read().keySet().forEach(all::drop);
        List<PodnetException> failures = apply(all);
        attempt(failures, () -> devices.removeOthers(List.of()));
        attempt(failures, filter::remove);
        if (!failures.isEmpty()) {
            throw new PodnetException.Incomplete(
                    "removal of the overlay: " + failures.get(0).getMessage(), failures);
        }
    }

    @Override
    public void close() {
        listening.forEach(ListeningThread::close);
        offload.close();
        sysctls.close();
        netfilter.close();
        route.close();
        threads.close();
    }
}
