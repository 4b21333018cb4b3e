package io.podnet.services;

import io.podnet.api.Plan;
import io.podnet.api.Plan.Action;
import io.podnet.api.Plan.Step;
import io.podnet.api.Service.TrafficPolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A {@link ModelChange} as a {@link Plan}, in words of services; an emitter adds its own steps. */
public final class ServicePlan {
    private static final String PORT = "service port";
    private static final String ENDPOINT = "endpoint";

    private ServicePlan() {}

    /**
     * Writes a change as steps.
     *
     * @param change the change
     * @return a step for each service port that is made, changed or removed, followed by its endpoints'
     */
    public static Plan of(ModelChange change) {
        List<Step> steps = new ArrayList<>();
        for (PortChange port : change.ports()) {
            add(port, port.before().orElse(null), port.after().orElse(null), steps);
        }
        return new Plan(steps);
    }

    private static void add(
            PortChange change, @Nullable VirtualPort before, @Nullable VirtualPort after, List<Step> steps) {
        int told = steps.size();
        String name = change.name() + "/" + change.name().protocol() + " " + change.family();
        if (after == null) {
            steps.add(new Step(Action.DELETE, PORT, name, ""));
        } else if (before == null) {
            steps.add(new Step(Action.CREATE, PORT, name, join(properties(after), Set.of())));
        } else {
            Map<String, String> was = properties(before);
            Map<String, String> is = properties(after);
            Set<String> same = new TreeSet<>();
            is.forEach((property, value) -> {
                if (value.equals(was.get(property))) {
                    same.add(property);
                }
            });
            if (same.size() < is.size()) {
                steps.add(new Step(Action.CHANGE, PORT, name, join(is, same)));
            }
        }
        int count = steps.size();
        endpoints(name, before, after, steps);
        if (steps.size() == count && told == count) {
            steps.add(new Step(Action.CHANGE, PORT, name, "the same endpoints, for other policies or states"));
        }
    }

    private static void endpoints(
            String name, @Nullable VirtualPort before, @Nullable VirtualPort after, List<Step> steps) {
        Set<Backend> was = endpoints(before);
        Set<Backend> is = endpoints(after);
        for (Backend backend : was) {
            if (!is.contains(backend)) {
                steps.add(new Step(Action.DELETE, ENDPOINT, backend.toString(), name));
            }
        }
        for (Backend backend : is) {
            if (!was.contains(backend)) {
                steps.add(new Step(Action.CREATE, ENDPOINT, backend.toString(), name));
            }
        }
    }

    private static Set<Backend> endpoints(@Nullable VirtualPort port) {
        Set<Backend> endpoints = new TreeSet<>();
        if (port != null) {
            endpoints.addAll(port.clusterBackends());
            endpoints.addAll(port.localBackends());
        }
        return endpoints;
    }

    private static String join(Map<String, String> properties, Set<String> without) {
        List<String> shown = new ArrayList<>();
        properties.forEach((property, value) -> {
            if (!without.contains(property)) {
                shown.add(property + " " + value);
            }
        });
        return String.join(", ", shown);
    }

    /** What a step tells of a service port; the same keys for each, so that two of them can be compared. */
    private static Map<String, String> properties(VirtualPort port) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("cluster IP", port.clusterIp() + " port " + port.port());
        properties.put("node port", number(port.nodePort()));
        properties.put("external IPs", port.externalIps().toString());
        properties.put("load balancer IPs", port.loadBalancerIps().toString());
        properties.put(
                "source ranges", port.sourcesLimited() ? port.sourceRanges().toString() : "all");
        properties.put("affinity seconds", number(port.affinitySeconds()));
        properties.put("traffic policies", policies(port.internalTrafficPolicy(), port.externalTrafficPolicy()));
        properties.put("health check node port", number(port.healthCheckNodePort()));
        properties.put(
                "Cluster endpoints", Integer.toString(port.clusterBackends().size()));
        properties.put("Local endpoints", Integer.toString(port.localBackends().size()));
        properties.put("inside", port.internalReach().toString());
        properties.put("outside", port.isExternal() ? port.externalReach().toString() : "none");
        return properties;
    }

    private static String policies(TrafficPolicy internal, TrafficPolicy external) {
        return "internal " + internal + " external " + external;
    }

    private static String number(OptionalInt value) {
        return value.isPresent() ? Integer.toString(value.getAsInt()) : "none";
    }
}
