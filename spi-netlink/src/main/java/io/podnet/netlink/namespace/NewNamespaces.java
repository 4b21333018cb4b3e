package io.podnet.netlink.namespace;

import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which namespaces to make in one go, and where to pin each. Immutable.
 *
 * @param pins the kinds wanted, NET always and IPC, UTS at will; with a path to pin at, or empty for a namespace that
 *     lives as long as its handle; anything else is an {@link IllegalArgumentException}
 */
public record NewNamespaces(Map<NamespaceKind, Optional<Path>> pins) {
    public NewNamespaces {
        if (!pins.containsKey(NamespaceKind.NET) || !HomeNamespaces.KINDS.containsAll(pins.keySet())) {
            throw new IllegalArgumentException("NET, and IPC and UTS at will, not " + pins.keySet());
        }
        pins = Collections.unmodifiableMap(new EnumMap<>(pins));
    }

    /**
     * Asks for a network namespace that lives as long as its handle and its sockets.
     *
     * @return one unpinned network namespace
     */
    public static NewNamespaces network() {
        return new NewNamespaces(Map.of(NamespaceKind.NET, Optional.empty()));
    }

    /**
     * Asks for a pinned network namespace.
     *
     * @param pin a path in a directory that exists, see {@link PinDirectory#pin}
     * @return one pinned network namespace
     */
    public static NewNamespaces network(Path pin) {
        return new NewNamespaces(Map.of(NamespaceKind.NET, Optional.of(pin)));
    }

    /**
     * Asks for one namespace more.
     *
     * @param kind IPC or UTS
     * @param pin where to pin it, or empty
     * @return these and that one
     */
    public NewNamespaces and(NamespaceKind kind, Optional<Path> pin) {
        Map<NamespaceKind, Optional<Path>> more = new EnumMap<>(pins);
        more.put(kind, pin);
        return new NewNamespaces(more);
    }
}
