package io.podnet.bridge;

import io.podnet.api.NamespaceRef;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.nftables.NftablesGenerations;
import io.podnet.netlink.route.RouteNetlink;
import io.podnet.netlink.socket.NetlinkConversation;
import io.podnet.netlink.socket.NetlinkEvents;
import io.podnet.netlink.sysctl.InterfaceSysctls;
import io.podnet.netlink.sysctl.NamespaceSysctls;
import io.podnet.netlink.sysctl.Sysctls;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The sockets through which the plugin speaks to the node's namespace; opened inside it once, used from any thread.
 *
 * @param threads go into namespaces
 * @param route links, addresses, routes of the node's namespace
 * @param netfilter rules of the node's namespace
 * @param generations tells of changes of those rules
 * @param sysctls settings of the node's namespace
 * @param interfaceSysctls settings of its interfaces, written without going there
 */
record NodeKernel(
        NamespaceThreads threads,
        RouteNetlink route,
        NetlinkConversation netfilter,
        NetlinkEvents generations,
        NamespaceSysctls sysctls,
        InterfaceSysctls interfaceSysctls)
        implements AutoCloseable {
    static NodeKernel open(NamespaceRef namespace) {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try {
            NamespaceThreads threads = new NamespaceThreads();
            opened.push(threads);
            RouteNetlink route = threads.callIn(namespace, () -> RouteNetlink.open());
            opened.push(route);
            NetlinkConversation netfilter =
                    threads.callIn(namespace, () -> NetlinkConversation.open(LinuxNetlink.NETLINK_NETFILTER));
            opened.push(netfilter);
            NetlinkEvents generations = threads.callIn(namespace, () -> NftablesGenerations.open());
            opened.push(generations);
            return new NodeKernel(
                    threads,
                    route,
                    netfilter,
                    generations,
                    Sysctls.in(threads, namespace),
                    InterfaceSysctls.open(threads, namespace));
        } catch (RuntimeException e) {
            closeAll(opened, e);
            throw e;
        }
    }

    private static void closeAll(Deque<AutoCloseable> opened, RuntimeException cause) {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                cause.addSuppressed(e);
            }
        }
    }

    @Override
    public void close() {
        interfaceSysctls.close();
        generations.close();
        netfilter.close();
        route.close();
        threads.close();
    }
}
