package io.podnet.conformance.broken;

import io.podnet.api.AttachmentId;
import io.podnet.api.Condition;
import io.podnet.api.Plan;
import io.podnet.api.PodNetworkStatus;
import io.podnet.api.PodSpec;
import io.podnet.api.PodnetException;
import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.Ipam;
import io.podnet.spi.NetworkPlugin;
import io.podnet.spi.NetworkPlugin.SetUp;
import io.podnet.spi.NodeContext;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How a network plugin is broken, each with the law that must find it. */
enum PluginDefect {
    KEEPS_THE_LEASE("tearDownLeavesNothing", "tearDownPod") {
        @Override
        Object call(NetworkPlugin real, NodeContext node, Object[] given) {
            AttachmentRecord record = (AttachmentRecord) given[0];
            real.tearDownPod(record);
            return node.ipam().reserve(record.id(), List.of()) == null;
        }
    },
    TEARS_DOWN_ONCE("tearDownLeavesNothing", "tearDownPod") {
        @Override
        Object call(NetworkPlugin real, NodeContext node, Object[] given) {
            AttachmentRecord record = (AttachmentRecord) given[0];
            if (node.ipam().lease(record.id()).isEmpty()) {
                throw new PodnetException.NotFound(record.id() + " is not set up");
            }
            real.tearDownPod(record);
            return null;
        }
    },
    RELEASES_THE_LEASE_ONLY("noPacketAfterTearDown", "tearDownPod") {
        @Override
        Object call(NetworkPlugin real, NodeContext node, Object[] given) {
            node.ipam().release(((AttachmentRecord) given[0]).id());
            return null;
        }
    },
    TEARS_DOWN_WHAT_WAS_SET_UP_ONLY("tearDownOfNothing", "tearDownPod") {
        @Override
        Object call(NetworkPlugin real, NodeContext node, Object[] given) {
            AttachmentRecord record = (AttachmentRecord) given[0];
            record.status().orElseThrow(() -> new PodnetException.NotFound(record.id() + " is not set up"));
            real.tearDownPod(record);
            return null;
        }
    },
    NEEDS_THE_STATUS("tearDownFromTheRecord", "tearDownPod") {
        @Override
        Object call(NetworkPlugin real, NodeContext node, Object[] given) {
            AttachmentRecord record = (AttachmentRecord) given[0];
            if (record.status().isPresent()) {
                real.tearDownPod(record);
            }
            return null;
        }
    },
    NEEDS_THE_NAMESPACE("tearDownWithoutNamespace", "tearDownPod") {
        @Override
        Object call(NetworkPlugin real, NodeContext node, Object[] given) {
            AttachmentRecord record = (AttachmentRecord) given[0];
            if (!Files.exists(record.netns())) {
                throw new PodnetException.NotFound(record.netns() + " is gone");
            }
            real.tearDownPod(record);
            return null;
        }
    },
    LEAVES_WHAT_FAILED("failureIsTakenBack", "setUpPod") {
        @Override
        Object call(NetworkPlugin real, NodeContext node, Object[] given) {
            try {
                return real.setUpPod((SetUp) given[0]);
            } catch (PodnetException e) {
                node.ipam().reserve(new AttachmentId("forgotten", "eth0"), List.of());
                throw e;
            }
        }
    },
    SAYS_A_WRONG_MTU("statusIsTheKernels", "setUpPod") {
        @Override
        Object call(NetworkPlugin real, NodeContext node, Object[] given) {
            PodNetworkStatus right = real.setUpPod((SetUp) given[0]);
            return new PodNetworkStatus(
                    right.interfaceName(),
                    right.addresses(),
                    right.gateways(),
                    right.mac(),
                    right.mtu() - 1,
                    right.hostInterfaceName());
        }
    },
    SHOWS_WHAT_IT_REMEMBERS("checkFindsDrift", "podNetworkStatus") {
        @Override
        Object call(NetworkPlugin real, NodeContext node, Object[] given) {
            return ((SetUp) given[0]).record().status();
        }
    },
    CHECKS_NOTHING("checkFindsDrift", "check") {
        @Override
        Object call(NetworkPlugin real, NodeContext node, Object[] given) {
            return List.of();
        }
    },
    RESERVES_IN_A_PLAN("planChangesNothing", "plan") {
        @Override
        Object call(NetworkPlugin real, NodeContext node, Object[] given) {
            AttachmentRecord record = (AttachmentRecord) given[0];
            node.ipam().reserve(record.id(), List.of());
            return real.plan(record);
        }
    },
    PLANS_WITHOUT_ADDRESSES("planChangesNothing", "plan") {
        @Override
        Object call(NetworkPlugin real, NodeContext node, Object[] given) {
            return new Plan(List.of());
        }
    },
    COLLECTS_EVERYTHING("gc", "gc") {
        @Override
        Object call(NetworkPlugin real, NodeContext node, Object[] given) {
            return real.gc(Set.of());
        }
    },
    COLLECTS_NOTHING("gc", "gc") {
        @Override
        Object call(NetworkPlugin real, NodeContext node, Object[] given) {
            return List.of();
        }
    },
    FORGETS_LEASES_IN_GC("gc", "gc") {
        @Override
        Object call(NetworkPlugin real, NodeContext node, Object[] given) {
            @SuppressWarnings("unchecked")
            Set<AttachmentId> valid = new HashSet<>((Set<AttachmentId>) given[0]);
            node.ipam().list().forEach(lease -> valid.add(lease.owner()));
            return real.gc(valid);
        }
    },
    TAKES_ANY_CIDR("podCidrs", "podCidrsChanged") {
        @Override
        Object call(NetworkPlugin real, NodeContext node, Object[] given) {
            return null;
        }
    },
    KEEPS_WHAT_IS_SHARED("removeShared", "removeShared") {
        @Override
        Object call(NetworkPlugin real, NodeContext node, Object[] given) {
            if (!node.ipam().list().isEmpty()) {
                throw new PodnetException.Conflict("there are pods");
            }
            return null;
        }
    },
    REMOVES_WHAT_IS_SHARED_UNDER_PODS("removeShared", "removeShared") {
        @Override
        Object call(NetworkPlugin real, NodeContext node, Object[] given) {
            real.gc(Set.of());
            real.removeShared();
            return null;
        }
    },
    GIVES_OUTCOMES_OUT_OF_ORDER("several", "setUpPods") {
        @Override
        Object call(NetworkPlugin real, NodeContext node, Object[] given) {
            @SuppressWarnings("unchecked")
            List<NetworkPlugin.Outcome> outcomes = new ArrayList<>(real.setUpPods((List<SetUp>) given[0]));
            Collections.reverse(outcomes);
            return outcomes;
        }
    },
    TAKES_PODS_ALONG("restartAdopts", "close") {
        @Override
        Object call(NetworkPlugin real, NodeContext node, Object[] given) {
            real.gc(Set.of());
            real.close();
            return null;
        }
    },
    ALWAYS_READY("exhaustion", "status") {
        @Override
        Object call(NetworkPlugin real, NodeContext node, Object[] given) {
            return Condition.READY;
        }
    },
    CANNOT_STAND_TWO_AT_ONCE("parallel", "setUpPod") {
        private final CountDownLatch two = new CountDownLatch(2);

        @Override
        Object call(NetworkPlugin real, NodeContext node, Object[] given) throws InterruptedException {
            two.countDown();
            if (two.await(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("two threads at once");
            }
            return real.setUpPod((SetUp) given[0]);
        }
    },
    CLAIMS_ANTI_SPOOFING("capabilityAntiSpoofing", "capabilities") {
        @Override
        Object call(NetworkPlugin real, NodeContext node, Object[] given) {
            return EnumSet.allOf(NetworkPlugin.Capability.class);
        }
    },
    IGNORES_HOST_PORTS("capabilityPortMappings", "setUpPod") {
        @Override
        Object call(NetworkPlugin real, NodeContext node, Object[] given) {
            return real.setUpPod(plain((SetUp) given[0]));
        }
    },
    IGNORES_LIMITS("capabilityBandwidth", "setUpPod") {
        @Override
        Object call(NetworkPlugin real, NodeContext node, Object[] given) {
            return real.setUpPod(plain((SetUp) given[0]));
        }
    },
    IGNORES_REQUESTED_ADDRESSES("capabilityIps", "setUpPod") {
        @Override
        Object call(NetworkPlugin real, NodeContext node, Object[] given) {
            return real.setUpPod(plain((SetUp) given[0]));
        }
    },
    IGNORES_THE_MTU("mtu", "close"),
    MASQUERADES_EVERYTHING("outsideSeesThePod", "close"),
    DOES_NOT_COMMIT("statusIsTheKernels", "close"),
    IGNORES_UNKNOWN_OPTIONS("unknownOption", "close");

    final String law;
    private final String method;

    PluginDefect(String law, String method) {
        this.law = law;
        this.method = method;
    }

    Object call(NetworkPlugin real, NodeContext node, Object[] given) throws InterruptedException {
        real.close();
        return null;
    }

    NetworkPlugin in(NetworkPlugin real, NodeContext node) {
        return Broken.in(NetworkPlugin.class, real, method, (plugin, given) -> call(plugin, node, given));
    }

    /** What the broken plugin makes of its surroundings. */
    NodeContext context(NodeContext node) {
        return new NodeContext(
                node.nodeName(),
                node.namespace(),
                node.podCidrs(),
                this == MASQUERADES_EVERYTHING ? List.of() : node.nonMasqueradeCidrs(),
                this == IGNORES_THE_MTU ? 0 : node.mtu(),
                this == DOES_NOT_COMMIT
                        ? Broken.in(
                                Ipam.class,
                                node.ipam(),
                                "assign",
                                (ipam, given) -> ipam.reserve((AttachmentId) given[0], List.of()))
                        : node.ipam(),
                node.attachments(),
                node.stateDirectory(),
                node.clusterStore(),
                options(node));
    }

    private Map<String, String> options(NodeContext node) {
        var options = Broken.real(node.options());
        if (this == IGNORES_UNKNOWN_OPTIONS) {
            options.clear();
        }
        if (this == CLAIMS_ANTI_SPOOFING) {
            options.put("antiSpoofing", "false");
        }
        return options;
    }

    private static SetUp plain(SetUp request) {
        AttachmentRecord record = request.record();
        return new SetUp(
                new AttachmentRecord(
                        record.id(),
                        PodSpec.of(
                                        record.spec().id().namespace(),
                                        record.spec().id().name())
                                .build(),
                        record.networkPlugin(),
                        record.netns(),
                        record.netnsInode(),
                        record.ownsNetns(),
                        record.bootId(),
                        record.created(),
                        record.phase(),
                        record.message(),
                        record.status()),
                request.namespace());
    }
}
