package io.podnet.cni.daemon;

import io.podnet.api.PodnetException;
import io.podnet.cni.plugin.PluginAnswer;
import io.podnet.cni.plugin.PluginCall;
import io.podnet.cni.plugin.PodnetPlugin;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.unix.PeerCredentials;
import io.podnet.netlink.unix.UnixConnection;
import io.podnet.netlink.unix.UnixListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The resident side of the executable {@code podnet-cni}: a unix socket of mode 0600 that root, or this process's own user,
 * may speak to. Any application that uses Podnet may have one. Its threads end with {@link #close}.
 */
public final class CniDaemon implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CniDaemon.class);
    private static final int BACKLOG = 128;
    private static final int WORKERS = 8;
    private static final int WAITING = 128;
    private static final Duration REQUEST_TIME = Duration.ofSeconds(10);
    private static final Duration ANSWER_TIME = Duration.ofSeconds(10);
    private static final long CLOSE_SECONDS = 60;

    private final PodnetPlugin plugin;
    private final PendingDeletes pending;
    private final UnixListener listener;
    private final int ownUid;
    private final ThreadPoolExecutor workers;
    private final Thread acceptor;

    private CniDaemon(PodnetPlugin plugin, UnixListener listener, int ownUid) {
        this.plugin = plugin;
        this.pending = new PendingDeletes(plugin);
        this.listener = listener;
        this.ownUid = ownUid;
        this.workers = new ThreadPoolExecutor(
                WORKERS,
                WORKERS,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(WAITING),
                task -> new Thread(null, task, "podnet-cni-worker", 0, false));
        workers.allowCoreThreadTimeOut(true);
        this.acceptor = new Thread(null, this::accept, "podnet-cni-acceptor", 0, false);
    }

    /**
     * Listens, and works off the deletes that came before.
     *
     * @param socket where the executable finds it; its directory is for this user alone
     * @param plugin answers the calls; it stays the caller's to close, after this
     * @return the daemon, to be closed
     * @throws PodnetException.Conflict where another process listens there
     */
    public static CniDaemon open(Path socket, PodnetPlugin plugin) {
        UnixListener listener = UnixListener.open(socket, BACKLOG);
        try {
            int uid = (int) Files.getAttribute(socket, "unix:uid");
            CniDaemon daemon = new CniDaemon(plugin, listener, uid);
            // Callers wait in the backlog meanwhile. Whoever found nobody listening has written his delete by now, or
            // asks
            // again when he has.
            daemon.pending.work("");
            daemon.acceptor.start();
            return daemon;
        } catch (IOException e) {
            listener.close();
            throw new PodnetException.StateFailure("socket " + socket + " cannot be looked at: " + e, e);
        } catch (RuntimeException e) {
            listener.close();
            throw e;
        }
    }

    /**
     * Gives the place.
     *
     * @return the socket's path
     */
    public Path socket() {
        return listener.path();
    }

    private void accept() {
        while (true) {
            try {
                Optional<UnixConnection> next = listener.accept(REQUEST_TIME);
                if (next.isEmpty()) {
                    return;
                }
                hand(next.get());
            } catch (PodnetException e) {
                LOG.atWarn().setCause(e).log("a connection could not be accepted");
                pause();
            }
        }
    }

    private void hand(UnixConnection connection) {
        try {
            workers.execute(() -> serve(connection));
        } catch (RejectedExecutionException full) {
            // The executable tells its caller to come again.
            connection.close();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(UnixConnection connection) {
        try (connection) {
            PeerCredentials peer = connection.peer();
            if (peer.uid() != 0 && peer.uid() != ownUid) {
                LOG.atWarn().addKeyValue("uid", peer.uid()).log("a stranger was turned away");
                return;
            }
            Frame.Header header = Frame.Header.read(connection.receive(Frame.HEADER));
            Frame frame = Frame.of(connection.receive(header.environment()), connection.receive(header.config()));
            OptionalInt caller = header.caller() ? connection.takeDescriptor() : OptionalInt.empty();
            OptionalInt pod = header.pod() ? connection.takeDescriptor() : OptionalInt.empty();
            PluginAnswer answer;
            try {
                pending.work(frame.variables().getOrDefault("CNI_CONTAINERID", ""));
                answer = plugin.call(new PluginCall(frame.variables(), frame.config(), caller, pod));
            } finally {
                caller.ifPresent(Libc.instance()::close);
                pod.ifPresent(Libc.instance()::close);
            }
            connection.extend(ANSWER_TIME);
            connection.send(Frame.write(answer));
        } catch (PodnetException e) {
            LOG.atWarn().setCause(e).log("a call was broken off");
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("a call ended in a way that it should not");
        }
    }

    /** Stops listening and waits for the calls that are under way. Idempotent. */
    @Override
    public void close() {
        listener.shutDown();
        try {
            acceptor.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
            workers.shutdown();
            if (!workers.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("calls are still under way");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        listener.close();
    }
}
