package io.podnet.netlink.namespace;

import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.libc.Refusal;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * One making of namespaces: files for the pins, one hop in which all else happens, and the way back if it fails.
 *
 * @param <T> what the caller's task brings back
 * @param <X> what it may throw
 */
final class NamespaceMaker<T, X extends Exception> {
    private final NewNamespaces wanted;
    private final NamespaceTask<T, X> inside;
    private final Map<NamespaceKind, NamespaceHandle> handles = new EnumMap<>(NamespaceKind.class);
    private final Map<NamespaceKind, PinFile> files = new EnumMap<>(NamespaceKind.class);

    NamespaceMaker(NewNamespaces wanted, NamespaceTask<T, X> inside) {
        this.wanted = wanted;
        this.inside = inside;
    }

    MadeNamespaces<T> make(NamespaceThreads threads) throws X {
        try {
            wanted.pins().forEach((kind, pin) -> pin.ifPresent(path -> files.put(kind, PinFile.claim(path))));
            return made(threads.<T, X>callLeaving(wanted.pins().keySet(), this::unshareAndPin));
        } catch (Throwable e) {
            undo(e);
            throw e;
        } finally {
            files.values().forEach(PinFile::close);
        }
    }

    private T unshareAndPin() throws X {
        int flags = wanted.pins().keySet().stream()
                .mapToInt(NamespaceKind::cloneFlag)
                .reduce(0, (a, b) -> a | b);
        int unshared = Libc.instance().unshare(flags);
        if (unshared < 0) {
            throw Refusal.of("unshare", wanted.pins().keySet() + " namespaces", unshared);
        }
        wanted.pins().forEach((kind, pin) -> {
            handles.put(kind, NamespaceFiles.openCurrent(kind, pin));
            pin.ifPresent(path -> NamespacePin.pinCurrent(kind, path));
        });
        return inside.call();
    }

    private MadeNamespaces<T> made(T result) {
        Map<NamespaceKind, NamespaceHandle> others = new EnumMap<>(handles);
        NamespaceHandle network = others.remove(NamespaceKind.NET);
        if (network == null) {
            throw new IllegalStateException("a request without NET came through");
        }
        return new MadeNamespaces<>(new NetworkNamespace(network), others, result);
    }

    private void undo(Throwable failure) {
        files.forEach((kind, file) -> {
            NamespaceHandle handle = handles.get(kind);
            try {
                NamespacePin.remove(file.path(), Optional.of(handle == null ? NamespaceFiles.NO_FILE : handle.id()));
            } catch (RuntimeException e) {
                failure.addSuppressed(e);
            }
        });
        handles.values().forEach(NamespaceHandle::close);
    }
}
