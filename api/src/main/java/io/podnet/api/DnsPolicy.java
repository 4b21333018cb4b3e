package io.podnet.api;

/** Where a pod's resolv.conf comes from, with the values' meaning in Kubernetes' {@code DNSPolicy}. */
@API(status = API.Status.STABLE, since = "0.1")
public enum DnsPolicy {
    /** Cluster DNS with the cluster's search list; falls back to {@link #DEFAULT} where no resolver is configured. */
    CLUSTER_FIRST,
    /** As {@link #CLUSTER_FIRST}, for pods in the node's network namespace too. */
    CLUSTER_FIRST_WITH_HOST_NET,
    /** The node's own resolv.conf. */
    DEFAULT,
    /** Only what the pod's {@link DnsConfig} says. */
    NONE;

    /**
     * Reads Kubernetes' spelling.
     *
     * @param text {@code ClusterFirst}, {@code ClusterFirstWithHostNet}, {@code Default} or {@code None}
     * @return the policy
     * @throws PodnetException.Invalid for any other text
     */
    public static DnsPolicy parse(String text) {
        return switch (text) {
            case "ClusterFirst" -> CLUSTER_FIRST;
            case "ClusterFirstWithHostNet" -> CLUSTER_FIRST_WITH_HOST_NET;
            case "Default" -> DEFAULT;
            case "None" -> NONE;
            default ->
                throw new PodnetException.Invalid(
                        "dnsPolicy '" + text + "' is not one of ClusterFirst, ClusterFirstWithHostNet, Default, None");
        };
    }
}
