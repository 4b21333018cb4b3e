package io.podnet.netlink.namespace;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One pinning of namespaces that were made without pins, and the way back if it fails. */
final class PinningOfMade {
    private final List<NamespaceHandle> handles;
    private final Map<NamespaceKind, PinFile> files = new EnumMap<>(NamespaceKind.class);

    /**
     * @param handles namespaces that know their pins
     */
    PinningOfMade(List<NamespaceHandle> handles) {
        this.handles = handles;
    }

    void run() {
        try {
            handles.forEach(handle -> files.put(handle.kind(), PinFile.claim(pinOf(handle))));
            handles.forEach(handle -> NamespacePin.pin(handle, pinOf(handle)));
        } catch (RuntimeException e) {
            undo(e);
            throw e;
        } finally {
            files.values().forEach(PinFile::close);
        }
    }

    private static Path pinOf(NamespaceHandle handle) {
        return handle.pin().orElseThrow(() -> new IllegalStateException(handle + " has no place for a pin"));
    }

    private void undo(RuntimeException failure) {
        for (NamespaceHandle handle : handles) {
            PinFile file = files.get(handle.kind());
            if (file == null) {
                continue;
            }
            try {
                NamespacePin.remove(file.path(), Optional.of(handle.id()));
            } catch (RuntimeException e) {
                failure.addSuppressed(e);
            }
        }
    }
}
