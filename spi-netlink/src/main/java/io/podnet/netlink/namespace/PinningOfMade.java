package io.podnet.netlink.namespace;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * One pinning of namespaces that were made without pins, and the way back if it fails.
 *
 * @param <T> what was brought back from inside them
 */
final class PinningOfMade<T> {
    private final MadeNamespaces<T> made;
    private final Map<NamespaceKind, Path> pins;
    private final Map<NamespaceKind, NamespaceHandle> handles = new EnumMap<>(NamespaceKind.class);
    private final Map<NamespaceKind, PinFile> files = new EnumMap<>(NamespaceKind.class);

    PinningOfMade(MadeNamespaces<T> made, Map<NamespaceKind, Path> pins) {
        this.made = made;
        this.pins = pins;
        handles.putAll(made.others());
        handles.put(NamespaceKind.NET, made.network().handle());
        if (!handles.keySet().equals(pins.keySet())) {
            throw new IllegalArgumentException("pins for " + pins.keySet() + " do not fit " + handles.keySet());
        }
    }

    MadeNamespaces<T> run() {
        try {
            pins.forEach((kind, path) -> files.put(kind, PinFile.claim(path)));
            pins.forEach((kind, path) -> NamespacePin.pin(handleOf(kind), path));
        } catch (RuntimeException e) {
            undo(e);
            throw e;
        } finally {
            files.values().forEach(PinFile::close);
        }
        Map<NamespaceKind, NamespaceHandle> pinned = new EnumMap<>(NamespaceKind.class);
        pins.forEach((kind, path) -> pinned.put(kind, handleOf(kind).pinnedAt(path)));
        NetworkNamespace network = new NetworkNamespace(take(pinned, NamespaceKind.NET));
        return new MadeNamespaces<>(network, pinned, made.result());
    }

    private NamespaceHandle handleOf(NamespaceKind kind) {
        return take(new EnumMap<>(handles), kind);
    }

    private static NamespaceHandle take(Map<NamespaceKind, NamespaceHandle> from, NamespaceKind kind) {
        NamespaceHandle handle = from.remove(kind);
        if (handle == null) {
            throw new IllegalStateException("no namespace of kind " + kind);
        }
        return handle;
    }

    private void undo(RuntimeException failure) {
        files.forEach((kind, file) -> {
            try {
                NamespacePin.remove(file.path(), Optional.of(handleOf(kind).id()));
            } catch (RuntimeException e) {
                failure.addSuppressed(e);
            }
        });
        made.close();
    }
}
