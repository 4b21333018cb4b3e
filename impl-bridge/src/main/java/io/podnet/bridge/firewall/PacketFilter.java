package io.podnet.bridge.firewall;

import io.podnet.api.*;
import java.util.*;

/** stub */
public interface PacketFilter {
    void ensureNode(List<Cidr> podCidrs);

    void addPods(List<PodPort> pods);

    void removePods(List<PodPort> pods);

    List<Drift> check(PodPort pod);

    List<Plan.Step> plan(PodPort pod);

    Set<AttachmentId> gc(Set<AttachmentId> valid);

    void removeNode();

    record PodPort(AttachmentId id) {}
}
