package io.podnet.examples.manifest;

/**
 * A namespace: a name that exists even where nothing is in it.
 *
 * @param name the namespace's name
 * @param json the manifest with sorted keys and without comments; reading it gives this namespace again
 */
public record NamespaceManifest(String name, String json) implements Manifest {
    @Override
    public ObjectKey key() {
        return new ObjectKey(ObjectKey.Kind.NAMESPACE, "", name);
    }
}
