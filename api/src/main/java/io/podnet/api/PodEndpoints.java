package io.podnet.api;

import io.podnet.endpoints.EndpointPod;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The node's pods as the services' endpoints: who is there, ready, going away. Safe for any thread. */
final class PodEndpoints {
    private final ServiceDesk desk;
    private final String nodeName;
    private final Optional<String> zone;
    private final boolean readyAtSetUp;
    private final Map<PodId, EndpointPod> pods = new HashMap<>();

    PodEndpoints(ServiceDesk desk, String nodeName, Optional<String> zone, boolean readyAtSetUp) {
        this.desk = desk;
        this.nodeName = nodeName;
        this.zone = zone;
        this.readyAtSetUp = readyAtSetUp;
    }

    void up(PodSpec spec, List<IpAddress> ips) {
        EndpointPod endpoint = new EndpointPod(spec, ips, Optional.of(nodeName), zone, readyAtSetUp, false, false);
        synchronized (desk) {
            pods.put(spec.id(), endpoint);
            desk.controller().put(endpoint);
            desk.names().put(spec, ips);
            desk.podsChanged();
        }
    }

    void gone(Collection<PodId> ids) {
        synchronized (desk) {
            boolean any = false;
            for (PodId id : ids) {
                if (pods.remove(id) != null) {
                    desk.controller().removePod(id);
                    desk.names().remove(id);
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
            terminating(id);
            desk.podsChanged();
            return true;
        }
    }

    void ended(PodId id) {
        synchronized (desk) {
            desk.names().ended(id);
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
        }
    }
}
