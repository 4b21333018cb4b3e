package io.podnet.examples.manifest;

/** An object as its manifest describes it. */
public sealed interface Manifest permits PodManifest, ServiceManifest, SliceManifest, NamespaceManifest {
    /**
     * Names the object.
     *
     * @return kind, namespace and name
     */
    ObjectKey key();

    /**
     * Gives the manifest with sorted keys and without comments.
     *
     * @return a JSON text; reading it gives this object again
     */
    String json();
}
