package io.podnet.examples.manifest;

import io.podnet.api.ServiceId;
import io.podnet.api.ServiceSpec;

/**
 * A service as its manifest describes it.
 *
 * @param spec the service
 * @param json the manifest with sorted keys and without comments; reading it gives this service again
 */
public record ServiceManifest(ServiceSpec spec, String json) implements Manifest {
    /**
     * Names the service.
     *
     * @return namespace and name
     */
    public ServiceId id() {
        return spec.id();
    }

    @Override
    public ObjectKey key() {
        return ObjectKey.of(id());
    }
}
