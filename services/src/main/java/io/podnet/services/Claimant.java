package io.podnet.services;

import java.util.Comparator;

/**
 * A service port that asks for a {@link Claim}. The order is who gets it: a cluster IP before an external address,
 * then by name. It depends on nothing but the desired state, so that a restart decides as the process before it did;
 * Kubernetes itself hands out cluster IPs and node ports once, so that only mistakes meet here.
 */
record Claimant(Kind kind, ServicePortName name) implements Comparable<Claimant> {
    private static final Comparator<Claimant> ORDER =
            Comparator.comparing(Claimant::kind).thenComparing(Claimant::name);

    /** What the destination is to the service. */
    enum Kind {
        CLUSTER_IP("cluster IP"),
        LOAD_BALANCER_IP("load balancer IP"),
        EXTERNAL_IP("external IP"),
        NODE_PORT("node port"),
        HEALTH_CHECK("health check node port");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    @Override
    public int compareTo(Claimant other) {
        return ORDER.compare(this, other);
    }
}
