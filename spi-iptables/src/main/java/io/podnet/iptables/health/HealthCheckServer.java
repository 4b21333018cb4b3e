package io.podnet.iptables.health;

import io.podnet.api.PodnetException;
import io.podnet.iptables.thread.ProxyThread;
import io.podnet.netlink.namespace.NamespaceChannels;
import io.podnet.services.ServiceHealth;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers load balancers on the health check node ports of services: 200 where the service has a ready endpoint here and
 * the proxy is healthy, else 503; the header X-Load-Balancing-Endpoint-Weight counts the endpoints. Ports are open on all
 * addresses of the namespace. Any path is answered; a request may have 4 KiB and take 2 s; of more than 64 connections the
 * oldest is closed.
 *
 * <p>Safe for any thread. One thread of its own serves all ports, from the first one on.
 */
public final class HealthCheckServer implements AutoCloseable {
    private static final int BACKLOG = 64;

    private final NamespaceChannels channels;
    private final HealthLoop loop;
    /** Touched on the loop's thread alone. */
    private final Map<Integer, HealthListener> listeners = new TreeMap<>();

    private final Object lock = new Object();
    private @Nullable ProxyThread thread;
    private boolean closed;

    /**
     * Prepares a server; {@link #reconcile} opens ports.
     *
     * @param channels opens sockets in the node's namespace
     * @param proxyHealthy tells whether the proxy keeps up; asked at each request, must not block
     */
    public HealthCheckServer(NamespaceChannels channels, BooleanSupplier proxyHealthy) {
        this.channels = Objects.requireNonNull(channels, "channels");
        this.loop = new HealthLoop(Objects.requireNonNull(proxyHealthy, "proxyHealthy"));
    }

    /**
     * Opens, changes and closes ports until they are the wanted ones. Doing it again changes nothing, but tries again what
     * failed.
     *
     * @param wanted all ports that should answer
     * @return the ports that could not be opened, each with its reason: {@link PodnetException.Conflict} where it is in use.
     *     The others are open
     * @throws PodnetException.Incomplete where the server itself is broken
     * @throws IllegalStateException after close
     */
    public Map<Integer, PodnetException> reconcile(Collection<ServiceHealth> wanted) {
        CompletableFuture<Map<Integer, PodnetException>> done = new CompletableFuture<>();
        List<ServiceHealth> all = List.copyOf(wanted);
        synchronized (lock) {
            if (closed) {
                throw new IllegalStateException("this health check server is closed");
            }
            if (thread == null && all.isEmpty()) {
                return Map.of();
            }
            loop.submit(() -> {
                try {
                    done.complete(bring(all));
                } catch (IOException | RuntimeException failed) {
                    done.completeExceptionally(failed);
                }
            });
            if (thread == null) {
                thread = ProxyThread.start("podnet-health-checks", loop);
            }
        }
        try {
            return done.orTimeout(30, TimeUnit.SECONDS).join();
        } catch (CompletionException failed) {
            throw new PodnetException.Incomplete(
                    "health check node ports could not be brought to " + all + "; see the cause, and reconcile again",
                    List.of(failed.getCause() == null ? failed : failed.getCause()));
        }
    }

    private Map<Integer, PodnetException> bring(List<ServiceHealth> all) throws IOException {
        Map<Integer, ServiceHealth> wanted = new TreeMap<>();
        Map<Integer, PodnetException> failures = new TreeMap<>();
        for (ServiceHealth health : all) {
            ServiceHealth first = wanted.putIfAbsent(health.port(), health);
            if (first != null) {
                failures.put(
                        health.port(),
                        new PodnetException.Conflict("health check node port " + health.port() + " of "
                                + health.service() + " is also that of " + first.service() + ", which keeps it"));
            }
        }
        closeAllBut(wanted);
        for (ServiceHealth health : wanted.values()) {
            HealthListener listener = listeners.get(health.port());
            if (listener != null) {
                listener.health(health);
                continue;
            }
            try {
                listeners.put(health.port(), open(health));
            } catch (PodnetException refused) {
                failures.put(health.port(), refused);
            }
        }
        return failures;
    }

    private void closeAllBut(Map<Integer, ServiceHealth> wanted) throws IOException {
        List<HealthListener> leaving = new ArrayList<>();
        listeners.forEach((port, listener) -> {
            if (!wanted.containsKey(port)) {
                leaving.add(listener);
            }
        });
        if (!leaving.isEmpty()) {
            loop.stop(leaving);
            listeners.keySet().retainAll(wanted.keySet());
        }
    }

    private HealthListener open(ServiceHealth health) {
        String what = "health check node port " + health.port() + " of " + health.service();
        ServerSocketChannel channel = null;
        try {
            channel = channels.serverSocket();
            channel.bind(new InetSocketAddress(health.port()), BACKLOG);
            return loop.serve(channel, health);
        } catch (IOException | IllegalArgumentException refused) {
            closeQuietly(channel);
            if (refused instanceof BindException) {
                throw new PodnetException.Conflict(what + " can not be opened: " + refused.getMessage()
                        + "; find who listens there (ss -ltnp), or give the service another one");
            }
            throw new PodnetException.Unsupported(
                    what + " can not be opened: " + refused + "; raise the limit of open files where that is reached",
                    refused);
        }
    }

    private static void closeQuietly(@Nullable ServerSocketChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException already) {
                // The first failure is the one to tell.
            }
        }
    }

    /** Closes all ports and ends the thread. A second call does nothing. */
    @Override
    public void close() {
        ProxyThread serving;
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            loop.end();
            serving = thread;
            if (serving == null) {
                // Somebody must close the selector.
                loop.run();
                return;
            }
        }
        serving.join();
    }
}
