package io.podnet.services;

import io.podnet.api.Service;
import java.util.Map;
import java.util.Optional;

/** Which services a proxy serves, and what of them. */
final class Served {
    // k8s.io/kubernetes pkg/proxy/apis/well_known_labels.go and k8s.io/api/core/v1/well_known_labels.go
    private static final String OTHER_PROXY = "service.kubernetes.io/service-proxy-name";
    private static final String HEADLESS = "service.kubernetes.io/headless";

    private Served() {}

    /** Headless and ExternalName services have no virtual address; a label hands others to another proxy. */
    static boolean isServed(Service service) {
        return service.type() != Service.Type.EXTERNAL_NAME
                && !service.clusterIps().isEmpty()
                && !service.labels().containsKey(OTHER_PROXY)
                && !service.labels().containsKey(HEADLESS);
    }

    /** Drops what the model never looks at, so that it neither holds it nor sees a change in it. */
    static Service essence(Service service) {
        return new Service(
                service.id(),
                Map.of(),
                Map.of(),
                service.type(),
                Map.of(),
                service.clusterIps(),
                service.ports(),
                service.externalIps(),
                service.loadBalancer(),
                Optional.empty(),
                service.sessionAffinityTimeoutSeconds(),
                service.internalTrafficPolicy(),
                service.externalTrafficPolicy(),
                Optional.empty(),
                false);
    }
}
