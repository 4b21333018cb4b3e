package io.podnet.examples.desired;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when something in a directory changes. It may miss changes (inotify's queue overflows, the directory is
 * replaced), so whoever uses it also looks from time to time, and calls {@link #renew} then.
 */
public final class DirectoryWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryWatch.class);

    private final Path directory;
    private final @Nullable WatchService service;
    private final Runnable changed;
    private @Nullable WatchKey key;

    private DirectoryWatch(Path directory, @Nullable WatchService service, Runnable changed) {
        this.directory = directory;
        this.service = service;
        this.changed = changed;
    }

    /**
     * Starts watching. Where the kernel gives no inotify instance, nothing is ever told.
     *
     * @param directory the directory
     * @param changed called on a thread of the watch's own
     * @return the watch
     */
    public static DirectoryWatch start(Path directory, Runnable changed) {
        DirectoryWatch watch = new DirectoryWatch(directory, service(directory), changed);
        watch.renew();
        Thread thread = new Thread(watch::run, "manifests-watch");
        thread.setDaemon(true);
        thread.start();
        return watch;
    }

    private static @Nullable WatchService service(Path directory) {
        try {
            return directory.getFileSystem().newWatchService();
        } catch (IOException e) {
            LOG.warn("{} is only looked at from time to time: it cannot be watched ({})", directory, e.toString());
            return null;
        }
    }

    /** Watches again, where the directory was replaced or could not be watched. */
    public synchronized void renew() {
        if (service == null || (key != null && key.isValid())) {
            return;
        }
        try {
            key = directory.register(
                    service,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_DELETE,
                    StandardWatchEventKinds.ENTRY_MODIFY);
        } catch (IOException | ClosedWatchServiceException e) {
            LOG.debug("{} is not watched, it is looked at from time to time", directory, e);
        }
    }

    private void run() {
        if (service == null) {
            return;
        }
        try {
            while (true) {
                WatchKey signalled = service.take();
                signalled.pollEvents();
                signalled.reset();
                changed.run();
            }
        } catch (InterruptedException | ClosedWatchServiceException closed) {
            LOG.trace("watch of {} ends", directory);
        }
    }

    @Override
    public void close() {
        if (service == null) {
            return;
        }
        try {
            service.close();
        } catch (IOException e) {
            LOG.debug("closing the watch of {}", directory, e);
        }
    }
}
