package io.podnet.netlink.namespace;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Fresh namespaces, held open, and what the caller's task brought back from inside them. Closing it closes the handles,
 * and the result where that can be closed; pins stay.
 *
 * @param network the network namespace
 * @param others the other kinds that were asked for
 * @param result what the task returned
 * @param <T> the task's result
 */
public record MadeNamespaces<T>(NetworkNamespace network, Map<NamespaceKind, NamespaceHandle> others, T result)
        implements AutoCloseable {
    public MadeNamespaces {
        others = Map.copyOf(others);
    }

    /**
     * Gives the namespace of one of the other kinds.
     *
     * @param kind IPC or UTS
     * @return the handle, where it was asked for
     */
    public Optional<NamespaceHandle> other(NamespaceKind kind) {
        return Optional.ofNullable(others.get(kind));
    }

    @Override
    public void close() {
        network.close();
        others.values().forEach(NamespaceHandle::close);
        if (result instanceof AutoCloseable opened) {
            closeQuietly(opened);
        }
    }

    /** A descriptor is gone whatever close answers, so there is nothing to do about an error. */
    private static void closeQuietly(AutoCloseable opened) {
        try {
            opened.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("what was opened in a namespace cannot be closed", e);
        }
    }

    /**
     * Pins namespaces that have no pins yet. On failure nothing stays, and these are closed.
     *
     * @param pins where to pin, for each kind of these
     * @return the same namespaces; these here are closed
     * @throws io.podnet.api.PodnetException.Conflict where a pin exists already
     */
    public MadeNamespaces<T> pinned(Map<NamespaceKind, Path> pins) {
        return new PinningOfMade<>(this, pins).run();
    }
}
