package io.podnet.api;

/**
 * A service's name in its namespace, as in Kubernetes.
 *
 * @param namespace the Kubernetes namespace, an RFC 1123 label
 * @param name the service's name, an RFC 1035 label
 */
@API(status = API.Status.STABLE, since = "0.1")
public record ServiceId(String namespace, String name) implements Comparable<ServiceId> {
    public ServiceId {
        Names.dnsLabel("namespace", namespace);
        Names.dnsLabel("service name", name);
        if (Character.isDigit(name.charAt(0))) {
            throw new PodnetException.Invalid("service name '" + name + "' must start with a letter (RFC 1035)");
        }
    }

    @Override
    public int compareTo(ServiceId other) {
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
