package io.podnet.netlink.namespace;

import io.podnet.netlink.libc.Libc;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where a namespace thread belongs: the namespaces of the process's first thread, which no Java code runs on. */
final class HomeNamespaces implements AutoCloseable {
    static final Set<NamespaceKind> KINDS = Set.of(NamespaceKind.NET, NamespaceKind.IPC, NamespaceKind.UTS);

    private final Map<NamespaceKind, NamespaceHandle> handles = new EnumMap<>(NamespaceKind.class);

    HomeNamespaces() {
        for (NamespaceKind kind : KINDS) {
            handles.put(kind, NamespaceFiles.open(kind, "/proc/self/ns/" + kind.procName(), Optional.empty()));
        }
    }

    private NamespaceHandle handle(NamespaceKind kind) {
        NamespaceHandle handle = handles.get(kind);
        if (handle == null) {
            throw new IllegalArgumentException("no way home from " + kind);
        }
        return handle;
    }

    /**
     * Moves the calling thread home and asks the kernel whether it got there. Where home belongs to another user
     * namespace, as for ipc and uts below {@code unshare --user --net}, a thread that left it cannot come back.
     *
     * @return true where the thread is at home in all of them
     */
    boolean enter(Set<NamespaceKind> kinds, FileIdentity identity) {
        for (NamespaceKind kind : kinds) {
            NamespaceHandle home = handle(kind);
            // The answer is not asked for: a thread that never left is at home even if it may not go there.
            Libc.instance().setns(home.fd(), kind.cloneFlag());
            if (identity.ofPath("/proc/thread-self/ns/" + kind.procName()) < 0
                    || !identity.id().equals(home.id())) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        handles.values().forEach(NamespaceHandle::close);
    }
}
