package io.podnet.bridge.faults;

import io.podnet.api.Bandwidth;
import io.podnet.api.PodId;
import io.podnet.api.PodSpec;
import io.podnet.api.PodnetBuilder;
import io.podnet.api.Protocol;
import io.podnet.bridge.TestNode;
import io.podnet.bridge.ipam.FaultyHostLocalProvider;
import io.podnet.netlink.sandbox.UnhurriedSandboxProvider;

/** A node that can fail everywhere, and pods that use all it has: both families, host ports, limits both ways. */
final class Pods {
    static final PodId KEEPER = new PodId("default", "keeper");
    static final PodId VICTIM = new PodId("default", "victim");

    private static final String DUAL_STACK = "10.244.1.0/24,fd00:10:244:1::/64";

    private Pods() {}

    static PodnetBuilder node(TestNode node) {
        return faulty(node.builder());
    }

    static PodnetBuilder faulty(PodnetBuilder builder) {
        return builder.podCidr(DUAL_STACK)
                .ipam(FaultyHostLocalProvider.NAME)
                .ipamOption("coolDown", "PT0S")
                .sandboxes(UnhurriedSandboxProvider.NAME)
                .attachmentStore(FaultyRecords::new);
    }

    /** As users have it: nothing counts its operations, and it makes namespaces ahead. */
    static PodnetBuilder soaked(TestNode node) {
        return node.builder().podCidr(DUAL_STACK).ipamOption("coolDown", "PT0S");
    }

    static PodSpec keeper() {
        return spec(KEEPER, 8080);
    }

    static PodSpec victim() {
        return spec(VICTIM, 9090);
    }

    private static PodSpec spec(PodId id, int port) {
        return PodSpec.of(id.namespace(), id.name())
                .hostPort(port, 80, Protocol.TCP)
                .hostPort(port, 53, Protocol.UDP)
                .annotation(Bandwidth.INGRESS_ANNOTATION, "10M")
                .annotation(Bandwidth.EGRESS_ANNOTATION, "20M")
                .build();
    }
}
