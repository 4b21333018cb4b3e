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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
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

    private final PodnetPlugin plugin;
    private final ReentrantLock lock = new ReentrantLock();

    PendingDeletes(PodnetPlugin plugin) {
        this.plugin = plugin;
    }

    /** Works off what is there. What fails stays for the next time; what is no request goes. */
    void work() {
        lock.lock();
        try {
            for (Path file : files()) {
                work(file);
            }
        } catch (IOException e) {
            throw new PodnetException.StateFailure(
                    "pending deletes in " + plugin.pendingDirectory() + " cannot be read: " + e, e);
        } finally {
            lock.unlock();
        }
    }

    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(plugin.pendingDirectory(), NAMES)) {
            found.forEach(files::add);
        }
        return files;
    }

    private void work(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MOST_BYTES) {
            LOG.atWarn().addKeyValue("file", file).log("not a pending delete");
            Files.deleteIfExists(file);
            return;
        }
        Frame frame;
        try {
            frame = Frame.parse(Files.readAllBytes(file));
        } catch (PodnetException.Invalid e) {
            LOG.atWarn().addKeyValue("file", file).setCause(e).log("not a pending delete");
            Files.deleteIfExists(file);
            return;
        }
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
                                        : "a pending delete failed; it is tried again with the next call");
                if (!hopeless) {
                    return;
                }
            }
        }
        Files.deleteIfExists(file);
    }
}
