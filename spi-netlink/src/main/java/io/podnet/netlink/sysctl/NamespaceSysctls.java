package io.podnet.netlink.sysctl;

import io.podnet.api.NamespaceRef;
import io.podnet.api.PodnetException;
import io.podnet.netlink.namespace.NamespaceThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Settings of one network namespace, for threads that are not in it: each call goes there and comes back. Thread-safe. */
public final class NamespaceSysctls {
    private final NamespaceThreads threads;
    private final NamespaceRef namespace;

    NamespaceSysctls(NamespaceThreads threads, NamespaceRef namespace) {
        this.threads = threads;
        this.namespace = namespace;
    }

    /**
     * Reads a setting.
     *
     * @param key which
     * @return its value; empty where this kernel has no such setting, or no such interface
     * @throws PodnetException as {@link Sysctls#read}
     */
    public Optional<String> read(SysctlKey key) {
        return threads.callIn(namespace, () -> {
            try (Sysctls inside = Sysctls.open()) {
                return inside.read(key);
            }
        });
    }

    /**
     * Writes a setting.
     *
     * @param key which
     * @param value what, see {@link SysctlSetting}
     * @return what was there before
     * @throws PodnetException as {@link Sysctls#write}
     */
    public SysctlChange write(SysctlKey key, String value) {
        return writeAll(List.of(new SysctlSetting(key, value))).get(0);
    }

    /**
     * Writes settings in the order given, in one visit. Where one is refused those before it get their old values back.
     *
     * @param settings what to write
     * @return what was there before, in the same order
     * @throws PodnetException as {@link Sysctls#write}
     */
    public List<SysctlChange> writeAll(List<SysctlSetting> settings) {
        return threads.callIn(namespace, () -> {
            try (Sysctls inside = Sysctls.open()) {
                return writeAll(inside, settings);
            }
        });
    }

    private static List<SysctlChange> writeAll(Sysctls inside, List<SysctlSetting> settings) {
        List<SysctlChange> done = new ArrayList<>();
        try {
            for (SysctlSetting setting : settings) {
                done.add(inside.write(setting.key(), setting.value()));
            }
            return List.copyOf(done);
        } catch (PodnetException e) {
            for (int i = done.size() - 1; i >= 0; i--) {
                restore(inside, done.get(i), e);
            }
            throw e;
        }
    }

    private static void restore(Sysctls inside, SysctlChange change, PodnetException cause) {
        try {
            change.previous().ifPresent(value -> inside.write(change.key(), value));
        } catch (PodnetException e) {
            cause.addSuppressed(e);
        }
    }
}
