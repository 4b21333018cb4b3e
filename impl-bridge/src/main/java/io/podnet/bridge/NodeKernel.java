package io.podnet.bridge;

import io.podnet.api.NamespaceRef;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.route.RouteNetlink;
import io.podnet.netlink.socket.NetlinkConversation;
import io.podnet.netlink.sysctl.NamespaceSysctls;
import io.podnet.netlink.sysctl.Sysctls;

/**
 * The sockets through which the plugin speaks to the node's namespace; opened inside it once, used from any thread.
 *
 * @param threads go into namespaces
 * @param route links, addresses, routes of the node's namespace
 * @param netfilter rules of the node's namespace
 * @param sysctls settings of the node's namespace
 */
record NodeKernel(NamespaceThreads threads, RouteNetlink route, NetlinkConversation netfilter, NamespaceSysctls sysctls)
        implements AutoCloseable {
    static NodeKernel open(NamespaceRef namespace) {
        NamespaceThreads threads = new NamespaceThreads();
        try {
            RouteNetlink route = threads.callIn(namespace, () -> RouteNetlink.open());
            try {
                NetlinkConversation netfilter =
                        threads.callIn(namespace, () -> NetlinkConversation.open(LinuxNetlink.NETLINK_NETFILTER));
                return new NodeKernel(threads, route, netfilter, Sysctls.in(threads, namespace));
            } catch (RuntimeException e) {
                route.close();
                throw e;
            }
        } catch (RuntimeException e) {
            threads.close();
            throw e;
        }
    }

    @Override
    public void close() {
        netfilter.close();
        route.close();
        threads.close();
    }
}
