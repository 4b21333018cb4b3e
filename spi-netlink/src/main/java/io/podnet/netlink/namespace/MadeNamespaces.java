package io.podnet.netlink.namespace;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
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
     * Says where namespaces are going to be pinned, see {@link #pin}.
     *
     * @param pins where, for each kind of these
     * @return the same namespaces; these here are closed
     */
    public MadeNamespaces<T> toBePinnedAt(Map<NamespaceKind, Path> pins) {
        Map<NamespaceKind, NamespaceHandle> known = new EnumMap<>(NamespaceKind.class);
        others.forEach((kind, handle) -> known.put(kind, handle.pinnedAt(pinFor(kind, pins))));
        return new MadeNamespaces<>(
                new NetworkNamespace(network.handle().pinnedAt(pinFor(NamespaceKind.NET, pins))), known, result);
    }

    private static Path pinFor(NamespaceKind kind, Map<NamespaceKind, Path> pins) {
        Path pin = pins.get(kind);
        if (pin == null) {
            throw new IllegalArgumentException("no pin for " + kind + " among " + pins.keySet());
        }
        return pin;
    }

    /**
     * Pins namespaces where it was said. On failure no pin stays. To be called once.
     *
     * @throws io.podnet.api.PodnetException.Conflict where a pin exists already
     */
    public void pin() {
        List<NamespaceHandle> handles = new ArrayList<>(others.values());
        handles.add(network.handle());
        new PinningOfMade(handles).run();
    }
}
