package io.podnet.iptables;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.NamespaceRef;
import io.podnet.api.PodnetException;
import io.podnet.iptables.chain.EmitterSettings;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.route.RouteNetlink;
import io.podnet.netlink.sysctl.SysctlKey;
import io.podnet.netlink.sysctl.Sysctls;
import io.podnet.services.ModelSettings;
import java.util.List;
import java.util.Optional;

/** What rules depend on and only the node's namespace knows. Safe for any thread. */
final class NodeFacts implements AutoCloseable {
    private static final SysctlKey LIBERAL = SysctlKey.of("net", "netfilter", "nf_conntrack_tcp_be_liberal");

    private final NamespaceThreads threads;
    private final NamespaceRef namespace;
    private final ModelSettings model;
    private final int masqueradeBit;
    private final RouteNetlink route;

    NodeFacts(NamespaceThreads threads, NamespaceRef namespace, ModelSettings model, int masqueradeBit) {
        this.threads = threads;
        this.namespace = namespace;
        this.model = model;
        this.masqueradeBit = masqueradeBit;
        this.route = threads.callIn(namespace, () -> RouteNetlink.open());
    }

    /** The namespace's addresses besides loopback, sorted. */
    List<IpAddress> addresses() {
        return route.addresses().list().stream()
                .map(assigned -> assigned.address().address())
                .filter(ip -> !ip.isLoopback())
                .distinct()
                .sorted()
                .toList();
    }

    EmitterSettings settings(IpFamily family) {
        List<IpAddress> addresses =
                addresses().stream().filter(ip -> ip.family() == family).toList();
        return new EmitterSettings(
                family,
                masqueradeBit,
                model.masqueradeAll(),
                model.localDetector(),
                model.limitsNodePorts(family)
                        ? Optional.of(
                                addresses.stream().filter(model::takesNodePorts).toList())
                        : Optional.empty(),
                // Others' comings and goings are no reason to write rules anew.
                addresses.stream().filter(ip -> !ip.isLinkLocal()).toList(),
                !isLiberal(),
                true);
    }

    private boolean isLiberal() {
        try {
            return Sysctls.in(threads, namespace).read(LIBERAL).equals(Optional.of("1"));
        } catch (PodnetException unreadable) {
            return false;
        }
    }

    @Override
    public void close() {
        route.close();
    }
}
