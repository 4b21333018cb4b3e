package io.podnet.bridge;

import io.podnet.api.Cidr;
import io.podnet.api.IpFamily;
import io.podnet.netlink.sysctl.SysctlKey;
import io.podnet.netlink.sysctl.SysctlSetting;
import java.util.ArrayList;
import java.util.List;

/** Settings of the node's namespace that routing for pods needs; kubelet and kubenet set the same. */
final class NodeSettings {
    private NodeSettings() {}

    /** Without these no packet leaves the bridge. */
    static List<SysctlSetting> forwarding(List<Cidr> podCidrs) {
        return podCidrs.stream()
                .map(Cidr::family)
                .distinct()
                .map(family -> new SysctlSetting(
                        family == IpFamily.IPV4
                                ? SysctlKey.of("net", "ipv4", "ip_forward")
                                : SysctlKey.ofInterface("ipv6", "conf", "all", "forwarding"),
                        "1"))
                .toList();
    }

    static List<SysctlSetting> routing(List<Cidr> podCidrs, String bridge) {
        List<SysctlSetting> settings = new ArrayList<>(forwarding(podCidrs));
        for (Cidr cidr : podCidrs) {
            boolean ipv4 = cidr.family() == IpFamily.IPV4;
            if (ipv4) {
                // Pods reach each other through the gateway on purpose; it must not tell them otherwise.
                settings.add(new SysctlSetting(SysctlKey.ofInterface("ipv4", "conf", "all", "send_redirects"), "0"));
                settings.add(new SysctlSetting(SysctlKey.ofInterface("ipv4", "conf", bridge, "send_redirects"), "0"));
            }
            // Without it a service's answer between two pods of one bridge would never pass the NAT that changed its
            // way.
            settings.add(new SysctlSetting(
                    SysctlKey.of("net", "bridge", ipv4 ? "bridge-nf-call-iptables" : "bridge-nf-call-ip6tables"), "1"));
        }
        return settings;
    }
}
