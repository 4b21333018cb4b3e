package io.podnet.examples.manifest;

import io.podnet.api.PodId;
import io.podnet.api.ServiceId;
import java.util.Comparator;
import java.util.Locale;

/**
 * Names an object of a manifest.
 *
 * @param kind its kind
 * @param namespace its namespace; empty for a Namespace
 * @param name its name
 */
public record ObjectKey(Kind kind, String namespace, String name) implements Comparable<ObjectKey> {
    private static final Comparator<ObjectKey> ORDER = Comparator.comparing(ObjectKey::kind)
            .thenComparing(ObjectKey::namespace)
            .thenComparing(ObjectKey::name);

    /** The kinds that the agent knows. */
    public enum Kind {
        /** {@code v1/Namespace}. */
        NAMESPACE("Namespace", "v1"),
        /** {@code v1/Pod}. */
        POD("Pod", "v1"),
        /** {@code v1/Service}. */
        SERVICE("Service", "v1"),
        /** {@code discovery.k8s.io/v1/EndpointSlice}. */
        ENDPOINT_SLICE("EndpointSlice", "discovery.k8s.io/v1");

        private final String text;
        private final String apiVersion;

        Kind(String text, String apiVersion) {
            this.text = text;
            this.apiVersion = apiVersion;
        }

        /**
         * Gives Kubernetes' spelling.
         *
         * @return for example {@code Pod}
         */
        public String text() {
            return text;
        }

        String apiVersion() {
            return apiVersion;
        }
    }

    /**
     * Names a pod.
     *
     * @param pod the pod
     * @return its key
     */
    public static ObjectKey of(PodId pod) {
        return new ObjectKey(Kind.POD, pod.namespace(), pod.name());
    }

    /**
     * Names a service.
     *
     * @param service the service
     * @return its key
     */
    public static ObjectKey of(ServiceId service) {
        return new ObjectKey(Kind.SERVICE, service.namespace(), service.name());
    }

    /**
     * Gives a pod's name as Podnet has it.
     *
     * @return namespace and name
     */
    public PodId podId() {
        return new PodId(namespace, name);
    }

    @Override
    public int compareTo(ObjectKey other) {
        return ORDER.compare(this, other);
    }

    /**
     * Writes the key for people.
     *
     * @return for example {@code pod default/web}
     */
    @Override
    public String toString() {
        return kind.text().toLowerCase(Locale.ROOT) + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
    }
}
