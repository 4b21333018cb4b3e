package io.podnet.bridge;

import io.podnet.api.*;
import io.podnet.bridge.firewall.PacketFilter;
import io.podnet.netlink.socket.NetlinkConversation;
import io.podnet.spi.NodeContext;
import java.util.*;

final class PacketFilters {
    static PacketFilter open(NetlinkConversation c, BridgeOptions o, NodeContext n) {
        return new PacketFilter() {
            @Override
            public void ensureNode(List<Cidr> podCidrs) {}

            @Override
            public void addPods(List<PodPort> pods) {}

            @Override
            public void removePods(List<PodPort> pods) {}

            @Override
            public List<Drift> check(PodPort pod) {
                return List.of();
            }

            @Override
            public List<Plan.Step> plan(PodPort pod) {
                return List.of();
            }

            @Override
            public Set<AttachmentId> gc(Set<AttachmentId> valid) {
                return Set.of();
            }

            @Override
            public void removeNode() {}
        };
    }

    static PacketFilter.PodPort port(PodWiring w) {
        return new PacketFilter.PodPort(w.id());
    }
}
