package io.podnet.iptables.health;

import io.podnet.services.ServiceHealth;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves all ports on one thread. Only tasks given to {@link #submit} may touch listeners. */
final class HealthLoop implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthLoop.class);
    private static final int MOST_CONNECTIONS = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Selector selector;
    private final BooleanSupplier proxyHealthy;
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    /** Oldest first, so that the first is also the next whose time runs out. */
    private final Map<SelectionKey, HealthConnection> connections = new LinkedHashMap<>();

    private volatile boolean ending;

    HealthLoop(BooleanSupplier proxyHealthy) {
        this.proxyHealthy = proxyHealthy;
        try {
            this.selector = Selector.open();
        } catch (IOException refused) {
            throw new UncheckedIOException("no selector for health checks: raise the limit of open files", refused);
        }
    }

    void submit(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    void end() {
        ending = true;
        selector.wakeup();
    }

    /** Starts to serve. For tasks. */
    HealthListener serve(ServerSocketChannel channel, ServiceHealth health) throws IOException {
        channel.configureBlocking(false);
        HealthListener listener = new HealthListener(channel, health);
        channel.register(selector, SelectionKey.OP_ACCEPT, listener);
        return listener;
    }

    /** Closes ports for good: a registered channel keeps its port until the selector lets go of it. For tasks. */
    void stop(Iterable<HealthListener> listeners) throws IOException {
        for (HealthListener listener : listeners) {
            listener.channel().close();
        }
        selector.selectNow(key -> {});
    }

    @Override
    public void run() {
        try (selector) {
            while (!ending) {
                selector.select(this::handle, millisToWait());
                runTasks();
                closeLate();
            }
            // Whoever gave a task waits for it.
            runTasks();
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        } catch (IOException broken) {
            LOG.error("health checks end: the selector failed", broken);
        }
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private long millisToWait() {
        long now = System.nanoTime();
        return connections.values().stream()
                .findFirst()
                .map(oldest -> Math.max(1, oldest.nanosLeft(now) / 1_000_000 + 1))
                .orElse(0L);
    }

    private void closeLate() {
        long now = System.nanoTime();
        var all = connections.entrySet().iterator();
        while (all.hasNext()) {
            HealthConnection oldest = all.next().getValue();
            if (oldest.nanosLeft(now) > 0) {
                return;
            }
            oldest.close();
            all.remove();
        }
    }

    private void handle(SelectionKey key) {
        if (key.attachment() instanceof HealthListener listener) {
            accept(listener);
            return;
        }
        HealthConnection connection = connections.get(key);
        if (connection != null && !proceeds(connection, key)) {
            connection.close();
            connections.remove(key);
        }
    }

    private static boolean proceeds(HealthConnection connection, SelectionKey key) {
        try {
            return connection.proceed(key);
        } catch (IOException gone) {
            return false;
        }
    }

    private void accept(HealthListener listener) {
        try {
            SocketChannel channel = listener.channel().accept();
            if (channel == null) {
                return;
            }
            if (connections.size() >= MOST_CONNECTIONS) {
                // Whoever waits longest is the least likely to be a load balancer.
                var all = connections.values().iterator();
                all.next().close();
                all.remove();
            }
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            connections.put(
                    key, new HealthConnection(channel, answers(listener), System.nanoTime() + PATIENCE.toNanos()));
        } catch (IOException refused) {
            LOG.atWarn()
                    .addKeyValue("service", listener.health().service())
                    .addKeyValue("port", listener.health().port())
                    .setCause(refused)
                    .log("a health check was not taken");
            // It still waits, and would be refused again at once, for example while no file can be opened.
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private Function<RequestHead, byte[]> answers(HealthListener listener) {
        return head -> switch (head) {
            case GET, HEAD ->
                HealthAnswer.of(listener.health(), isProxyHealthy(), head == RequestHead.GET, Instant.now());
            default -> HealthAnswer.refusal(head, Instant.now());
        };
    }

    private boolean isProxyHealthy() {
        try {
            return proxyHealthy.getAsBoolean();
        } catch (RuntimeException unknown) {
            LOG.warn("the proxy's health is unknown, which counts as unhealthy", unknown);
            return false;
        }
    }
}
