package io.podnet.examples.manifest;

import io.podnet.api.EndpointSlice;

/**
 * Endpoints as their manifest describes them.
 *
 * @param slice the slice
 * @param json the manifest with sorted keys and without comments; reading it gives this slice again
 */
public record SliceManifest(EndpointSlice slice, String json) implements Manifest {
    @Override
    public ObjectKey key() {
        return new ObjectKey(ObjectKey.Kind.ENDPOINT_SLICE, slice.service().namespace(), slice.name());
    }
}
