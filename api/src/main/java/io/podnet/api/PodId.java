package io.podnet.api;

/**
 * A pod's name in its namespace, as in Kubernetes.
 *
 * @param namespace the Kubernetes namespace, an RFC 1123 label
 * @param name the pod's name, an RFC 1123 subdomain
 */
@API(status = API.Status.STABLE, since = "0.1")
public record PodId(String namespace, String name) implements Comparable<PodId> {

    public PodId {
        Names.dnsLabel("namespace", namespace);
        Names.dnsSubdomain("pod name", name);
    }

    /**
     * Parses {@code namespace/name}.
     *
     * @param text the text; without a slash the namespace is {@code default}
     * @return the id
     * @throws PodnetException.Invalid where a part breaks Kubernetes' grammar
     */
    public static PodId parse(String text) {
        int slash = text.indexOf('/');
        return slash < 0 ? new PodId("default", text) : new PodId(text.substring(0, slash), text.substring(slash + 1));
    }

    @Override
    public int compareTo(PodId other) {
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    /**
     * Writes the id.
     *
     * @return {@code namespace/name}
     */
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
