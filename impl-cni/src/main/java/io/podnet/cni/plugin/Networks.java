package io.podnet.cni.plugin;

import io.podnet.api.AttachmentId;
import io.podnet.api.PodnetException;
import io.podnet.cni.lock.FlockedFile;
import io.podnet.cni.spec.CniResult;
import io.podnet.cni.spec.PluginConfig;
import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.Ipam;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The networks that this process works with. A network stays open from its first attachment on, so that a call costs no
 * more than its own changes; with its last one it is closed and its rules are removed. Safe for any thread.
 */
final class Networks implements AutoCloseable {
    private static final class Slot {
        private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        private @Nullable OpenNetwork open;
    }

    private final NetworkFiles files;
    private final OpenNetwork.Opener opener;
    private final Map<String, Slot> slots = new ConcurrentHashMap<>();

    Networks(NetworkFiles files, OpenNetwork.Opener opener) {
        this.files = files;
        this.opener = opener;
    }

    private Slot slot(String name) {
        return slots.computeIfAbsent(name, absent -> new Slot());
    }

    /** Finds an attachment's record. */
    Optional<AttachmentRecord> record(String network, AttachmentId id) {
        files.prepare(network);
        return files.store(network).read(id);
    }

    /** Finds an attachment's records in other networks: a container's interface is of one. */
    List<AttachmentRecord> elsewhere(String network, AttachmentId id) {
        return files.networks().stream()
                .filter(name -> !name.equals(network))
                .flatMap(name -> files.store(name).read(id).stream())
                .toList();
    }

    /** What a configuration makes of its network, where nobody's addresses are asked about. */
    NetworkSettings settings(PluginConfig config) {
        return keys(config, Optional.empty()).settings();
    }

    /**
     * Reads a configuration. Another IPAM plugin's networks are known by what it answered.
     *
     * @param own what it answered for the attachment that this is about
     */
    BridgeKeys keys(PluginConfig config, Optional<CniResult> own) {
        if (!IpamDelegate.isFor(config)) {
            return BridgeKeys.read(config, List.of());
        }
        List<CniResult> given = new ArrayList<>(own.stream().toList());
        config.name().ifPresent(name -> {
            files.prepare(name);
            files.store(name).list().forEach(record -> GivenAddresses.of(record).ifPresent(given::add));
        });
        return BridgeKeys.read(config, given);
    }

    /** Works with a network beside others who do. */
    <T> T with(NetworkSettings settings, Function<OpenNetwork, T> work) {
        return beside(settings, open -> open.settings().equals(settings), work);
    }

    /**
     * Takes attachments down by the settings that they were made with. Nothing else of the network changes, whatever has
     * become of it.
     */
    <T> T takingDown(NetworkSettings settings, Function<OpenNetwork, T> work) {
        return beside(settings.takingDown(), open -> true, open -> by(settings, open, work));
    }

    /** Works with a network as it is open, where that fits, and opens it otherwise. */
    private <T> T beside(NetworkSettings settings, Predicate<OpenNetwork> fits, Function<OpenNetwork, T> work) {
        files.prepare(settings.name());
        Slot slot = slot(settings.name());
        try (FlockedFile held = FlockedFile.shared(files.lock(settings.name()))) {
            held.required();
            slot.lock.readLock().lock();
            try {
                OpenNetwork open = slot.open;
                if (open != null && fits.test(open)) {
                    return work.apply(open);
                }
            } finally {
                slot.lock.readLock().unlock();
            }
            return withOpened(slot, settings, work);
        }
    }

    /** Others may be attached by other settings, and the network is open for them. */
    private <T> T by(NetworkSettings settings, OpenNetwork open, Function<OpenNetwork, T> work) {
        NetworkSettings narrow = settings.takingDown();
        if (open.settings().equals(settings) || open.settings().equals(narrow)) {
            return work.apply(open);
        }
        try (OpenNetwork passing = opener.open(narrow)) {
            return work.apply(passing);
        }
    }

    /** Gives back what an attachment without a record may hold. */
    void release(NetworkSettings settings, AttachmentId id) {
        files.prepare(settings.name());
        Slot slot = slot(settings.name());
        try (FlockedFile held = FlockedFile.shared(files.lock(settings.name()))) {
            held.required();
            slot.lock.readLock().lock();
            try {
                OpenNetwork open = slot.open;
                if (open != null && open.settings().equals(settings)) {
                    open.ipam().release(id);
                    return;
                }
                try (Ipam ipam = opener.ipam(settings)) {
                    ipam.release(id);
                }
            } finally {
                slot.lock.readLock().unlock();
            }
        }
    }

    private <T> T withOpened(Slot slot, NetworkSettings settings, Function<OpenNetwork, T> work) {
        OpenNetwork open;
        slot.lock.writeLock().lock();
        try {
            open = opened(slot, settings);
            slot.lock.readLock().lock();
        } finally {
            slot.lock.writeLock().unlock();
        }
        try {
            return work.apply(open);
        } finally {
            slot.lock.readLock().unlock();
        }
    }

    private OpenNetwork opened(Slot slot, NetworkSettings settings) {
        OpenNetwork open = slot.open;
        if (open == null || !open.settings().equals(settings)) {
            forget(slot);
            open = opener.open(settings);
            slot.open = open;
        }
        return open;
    }

    private static void forget(Slot slot) {
        OpenNetwork open = slot.open;
        slot.open = null;
        if (open != null) {
            open.close();
        }
    }

    /** The same while nobody else does anything for the network, in this process or another. */
    <T> T takingDownAlone(NetworkSettings settings, Function<OpenNetwork, T> work) {
        return alone(settings, slot -> by(settings, openedToTakeDown(slot, settings), work));
    }

    private <T> T alone(NetworkSettings settings, Function<Slot, T> work) {
        files.prepare(settings.name());
        Slot slot = slot(settings.name());
        try (FlockedFile held = FlockedFile.exclusive(files.lock(settings.name()))) {
            held.required();
            slot.lock.writeLock().lock();
            try {
                return work.apply(slot);
            } finally {
                slot.lock.writeLock().unlock();
            }
        }
    }

    private OpenNetwork openedToTakeDown(Slot slot, NetworkSettings settings) {
        OpenNetwork open = slot.open;
        return open == null ? opened(slot, settings.takingDown()) : open;
    }

    /** Drops what this process thinks of a network: another one may have removed its rules with its last attachment. */
    void reopen(NetworkSettings settings) {
        Slot slot = slot(settings.name());
        slot.lock.writeLock().lock();
        try {
            forget(slot);
        } finally {
            slot.lock.writeLock().unlock();
        }
    }

    /** Removes what attachments share where there are none left. The bridge stays, as the reference leaves it. */
    void tidyUp(NetworkSettings settings) {
        if (!files.isEmpty(settings.name())) {
            return;
        }
        alone(settings, slot -> {
            if (files.isEmpty(settings.name())) {
                openedToTakeDown(slot, settings).plugin().removeShared();
                forget(slot);
            }
            return true;
        });
    }

    /** Tells whether this process has a network open. */
    boolean isOpen(NetworkSettings settings) {
        OpenNetwork open = slot(settings.name()).open;
        return open != null && open.settings().equals(settings);
    }

    @Override
    public void close() {
        for (Slot slot : slots.values()) {
            slot.lock.writeLock().lock();
            try {
                forget(slot);
            } catch (PodnetException left) {
                // The process's end gives back what this could not.
            } finally {
                slot.lock.writeLock().unlock();
            }
        }
    }
}
