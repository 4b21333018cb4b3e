package io.podnet.api;

import io.podnet.cluster.NodeShare;
import io.podnet.cluster.ViewStep;
import io.podnet.endpoints.EndpointPod;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** The node's pods as the services' endpoints: who is there, ready, going away. Safe for any thread. */
final class PodEndpoints {
    private final ServiceDesk desk;
    private final String nodeName;
    private final Optional<String> zone;
    private final boolean readyAtSetUp;
    private final Optional<NodeShare> share;
    private final Map<PodId, EndpointPod> pods = new HashMap<>();
    // Pods of an earlier process, of which nobody has said yet whether they are ready.
    private final Set<PodId> untold = new HashSet<>();
    // Pods of other nodes, by node: one that moves may be on two for a moment.
    private final Map<PodId, NavigableMap<String, List<IpAddress>>> elsewhere = new HashMap<>();
    private Runnable allTold = () -> {};

    PodEndpoints(
            ServiceDesk desk, String nodeName, Optional<String> zone, boolean readyAtSetUp, Optional<NodeShare> share) {
        this.share = share;
        this.desk = desk;
        this.nodeName = nodeName;
        this.zone = zone;
        this.readyAtSetUp = readyAtSetUp;
    }

    /** Takes the pods of an earlier process; calls back when it is known of all of them whether they are ready. */
    void adopt(Collection<PodNetwork> adopted, Runnable whenTold) {
        synchronized (desk) {
            allTold = whenTold;
            adopted.forEach(pod -> up(pod.spec(), pod.ips()));
            if (!readyAtSetUp) {
                adopted.forEach(pod -> untold.add(pod.id()));
            }
            tellIfAllTold();
        }
    }

    private void told(PodId id) {
        untold.remove(id);
        tellIfAllTold();
    }

    private void tellIfAllTold() {
        if (untold.isEmpty()) {
            Runnable once = allTold;
            allTold = () -> {};
            once.run();
        }
    }

    void up(PodSpec spec, List<IpAddress> ips) {
        EndpointPod endpoint = new EndpointPod(
                spec, desk.endpointAddresses(spec.id(), ips), Optional.of(nodeName), zone, readyAtSetUp, false, false);
        synchronized (desk) {
            pods.put(spec.id(), endpoint);
            desk.controller().put(endpoint);
            desk.names().put(spec, ips);
            share.ifPresent(others -> others.put(spec.id(), ips));
            desk.podsChanged();
        }
    }

    void gone(Collection<PodId> ids) {
        synchronized (desk) {
            boolean any = false;
            for (PodId id : ids) {
                if (pods.remove(id) != null) {
                    desk.controller().removePod(id);
                    nameAsElsewhere(id);
                    share.ifPresent(others -> others.remove(id));
                    told(id);
                    any = true;
                }
            }
            if (any) {
                desk.podsChanged();
            }
        }
    }

    void setReady(PodId id, boolean ready) {
        change(
                id,
                pod -> new EndpointPod(
                        pod.spec(), pod.ips(), pod.nodeName(), pod.zone(), ready, pod.terminating(), pod.terminal()));
    }

    void terminating(PodId id) {
        change(
                id,
                pod -> new EndpointPod(
                        pod.spec(), pod.ips(), pod.nodeName(), pod.zone(), pod.ready(), true, pod.terminal()));
    }

    /** Leaves a terminating endpoint, and none of the pod's own names; false where there is no such pod. */
    boolean withdraw(PodId id) {
        synchronized (desk) {
            if (!pods.containsKey(id)) {
                return false;
            }
            desk.names().ended(id);
            share.ifPresent(others -> others.remove(id));
            terminating(id);
            desk.podsChanged();
            return true;
        }
    }

    void ended(PodId id) {
        synchronized (desk) {
            desk.names().ended(id);
            share.ifPresent(others -> others.remove(id));
            change(
                    id,
                    pod -> new EndpointPod(
                            pod.spec(), pod.ips(), pod.nodeName(), pod.zone(), false, pod.terminating(), true));
        }
    }

    private void change(PodId id, UnaryOperator<EndpointPod> change) {
        synchronized (desk) {
            EndpointPod before = pods.get(id);
            if (before == null) {
                throw new PodnetException.NotFound("pod " + id + " is not set up");
            }
            EndpointPod after = change.apply(before);
            if (!after.equals(before)) {
                pods.put(id, after);
                desk.controller().put(after);
                desk.podsChanged();
            }
            told(id);
        }
    }

    /** Takes what is new of other nodes' pods. */
    void take(ViewStep step) {
        synchronized (desk) {
            for (ViewStep.Item item : step.removed()) {
                if (item instanceof ViewStep.OfPod pod) {
                    elsewhere.computeIfPresent(pod.pod(), (id, nodes) -> {
                        nodes.remove(pod.node());
                        return nodes.isEmpty() ? null : nodes;
                    });
                    nameAsElsewhere(pod.pod());
                }
            }
            for (ViewStep.Item item : step.present()) {
                if (item instanceof ViewStep.OfPod pod) {
                    elsewhere.computeIfAbsent(pod.pod(), id -> new TreeMap<>()).put(pod.node(), pod.ips());
                    nameAsElsewhere(pod.pod());
                }
            }
            desk.podsChanged();
        }
    }

    private void nameAsElsewhere(PodId id) {
        if (pods.containsKey(id)) {
            return;
        }
        NavigableMap<String, List<IpAddress>> nodes = elsewhere.get(id);
        if (nodes == null) {
            desk.names().remove(id);
        } else {
            desk.names()
                    .put(
                            PodSpec.of(id.namespace(), id.name()).build(),
                            nodes.firstEntry().getValue());
        }
    }
}
