package io.podnet.cni.daemon;

import io.podnet.api.PodnetException;
import io.podnet.cni.plugin.PluginAnswer;
import io.podnet.cni.plugin.PluginCall;
import io.podnet.cni.plugin.PodnetPlugin;
import io.podnet.cni.spec.CniError;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes that the executable promised while no daemon was there. They are worked off before any other call is: a
 * container's next ADD must not be undone by its last DEL. Safe for any thread.
 */
final class PendingDeletes {
    private static final Logger LOG = LoggerFactory.getLogger(PendingDeletes.class);
    private static final String NAMES = "del-*";
    private static final long MOST_BYTES = 2 << 20;
    /** Errors that the same call has again and again. */
    private static final Set<Integer> HOPELESS = Set.of(
            CniError.INCOMPATIBLE_VERSION,
            CniError.UNSUPPORTED_FIELD,
            CniError.INVALID_ENVIRONMENT,
            CniError.DECODING_FAILURE,
            CniError.INVALID_CONFIGURATION);

    /** How long one that failed is left alone: an IPAM plugin that hangs takes a minute of each call that tries it. */
    private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final PodnetPlugin plugin;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Path, Long> failures = new ConcurrentHashMap<>();

    PendingDeletes(PodnetPlugin plugin) {
        this.plugin = plugin;
    }

    /**
     * Works off what is there. What fails stays for a later call, but one about the same container; what is no request goes.
     *
     * @param container the container that the present call is about, whose deletes it must not overtake; empty for none
     */
    void work(String container) {
        try {
            Set<Path> files = files();
            // Somebody else may have removed some, and a later delete may have the name of one of them.
            failures.keySet().retainAll(files);
            for (Path file : files) {
                Optional<Frame> frame = read(file);
                if (frame.isPresent()) {
                    work(file, frame.get(), container);
                }
            }
        } catch (IOException e) {
            throw new PodnetException.StateFailure(
                    "pending deletes in " + plugin.pendingDirectory() + " cannot be read: " + e, e);
        }
    }

    private void work(Path file, Frame frame, String container) throws IOException {
        if (container.equals(frame.variables().get("CNI_CONTAINERID"))) {
            lock.lock();
        } else if (failedJustNow(file) || !lock.tryLock()) {
            return;
        }
        try {
            if (Files.exists(file)) {
                work(file, frame);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean failedJustNow(Path file) {
        Long failed = failures.get(file);
        return failed != null && System.nanoTime() - failed < PAUSE_NANOS;
    }

    private Set<Path> files() throws IOException {
        Set<Path> files = new LinkedHashSet<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(plugin.pendingDirectory(), NAMES)) {
            found.forEach(files::add);
        }
        return files;
    }

    private static Optional<Frame> read(Path file) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MOST_BYTES) {
            LOG.atWarn().addKeyValue("file", file).log("not a pending delete");
            Files.deleteIfExists(file);
            return Optional.empty();
        }
        try {
            return Optional.of(Frame.parse(Files.readAllBytes(file)));
        } catch (NoSuchFileException done) {
            return Optional.empty();
        } catch (PodnetException.Invalid e) {
            LOG.atWarn().addKeyValue("file", file).setCause(e).log("not a pending delete");
            Files.deleteIfExists(file);
            return Optional.empty();
        }
    }

    private void work(Path file, Frame frame) throws IOException {
        if ("DEL".equals(frame.variables().get("CNI_COMMAND"))) {
            PluginAnswer answer = plugin.call(
                    new PluginCall(frame.variables(), frame.config(), OptionalInt.empty(), OptionalInt.empty()));
            if (!answer.isDone()) {
                boolean hopeless = HOPELESS.contains(answer.errorCode());
                LOG.atWarn()
                        .addKeyValue("file", file)
                        .addKeyValue("answer", answer.output())
                        .log(
                                hopeless
                                        ? "a pending delete was no proper call; it is dropped"
                                        : "a pending delete failed; it is tried again with a later call");
                if (!hopeless) {
                    failures.put(file, System.nanoTime());
                    return;
                }
            }
        }
        Files.deleteIfExists(file);
        failures.remove(file);
    }
}
