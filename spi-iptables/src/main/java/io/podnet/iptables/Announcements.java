package io.podnet.iptables;

import io.podnet.spi.ServiceProxy.ServiceProxyListener;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells listeners, on a thread of its own that begins with the first of them, one call at a time. Safe for any thread. */
final class Announcements implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);

    private final CopyOnWriteArrayList<ServiceProxyListener> listeners = new CopyOnWriteArrayList<>();
    private final LinkedBlockingQueue<Runnable> calls = new LinkedBlockingQueue<>();
    private boolean started;
    private volatile boolean closed;

    synchronized void add(ServiceProxyListener listener) {
        listeners.add(listener);
        if (!started && !closed) {
            started = true;
            Thread thread = new Thread(null, this::work, "podnet-iptables-listeners", 0, false);
            thread.setDaemon(true);
            thread.start();
        }
    }

    void tell(Consumer<ServiceProxyListener> call) {
        if (!listeners.isEmpty() && !closed) {
            calls.add(() -> listeners.forEach(listener -> {
                try {
                    call.accept(listener);
                } catch (RuntimeException e) {
                    LOG.warn("a listener of the service proxy failed", e);
                }
            }));
        }
    }

    private void work() {
        try {
            while (!closed || !calls.isEmpty()) {
                calls.take().run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        calls.add(() -> {});
    }
}
