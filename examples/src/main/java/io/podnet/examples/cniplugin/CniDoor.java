package io.podnet.examples.cniplugin;

import io.podnet.cni.daemon.CniDaemon;
import io.podnet.cni.daemon.WarmUp;
import io.podnet.cni.plugin.PodnetPlugin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A door for container runtimes to a process that does other things too: podnet-cni's calls are answered while it is open. */
public final class CniDoor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CniDoor.class);
    private static final String STATE = "cni";
    private static final Duration WARM_UP = Duration.ofSeconds(3);

    private final PodnetPlugin plugin;
    private final CniDaemon daemon;

    private CniDoor(PodnetPlugin plugin, CniDaemon daemon) {
        this.plugin = plugin;
        this.daemon = daemon;
    }

    /**
     * Opens the door, after up to three seconds of practice: the first calls are as fast as later ones.
     *
     * @param socket where podnet-cni looks for it: the {@code --socket} of install-cni
     * @param state the process's state directory; CNI's part of it is {@code cni}, the {@code --state} of install-cni
     * @param nodeNamespace the network namespace that is the node; empty for this process's own
     * @return the door, to be closed
     */
    public static CniDoor open(Path socket, Path state, Optional<Path> nodeNamespace) {
        Path own = state.resolve(STATE).toAbsolutePath().normalize();
        WarmUp.run(own, WARM_UP);
        PodnetPlugin plugin = PodnetPlugin.open(own, nodeNamespace);
        try {
            CniDaemon daemon = CniDaemon.open(socket.toAbsolutePath().normalize(), plugin);
            LOG.info("podnet-cni is answered at {}; records in {}", daemon.socket(), own);
            return new CniDoor(plugin, daemon);
        } catch (RuntimeException e) {
            plugin.close();
            throw e;
        }
    }

    /** Closes the door: containers keep their network. */
    @Override
    public void close() {
        daemon.close();
        plugin.close();
    }
}
