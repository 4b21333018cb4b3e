package io.podnet.etcd;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of a store: a loop for each watch and session, and those that call observers. They are daemons. */
final class Workers implements AutoCloseable {
    private final ExecutorService loops;
    private final ExecutorService callbacks;

    Workers(String nodeName) {
        this.loops = pool("podnet-etcd-" + nodeName + "-loop-");
        this.callbacks = pool("podnet-etcd-" + nodeName + "-watch-");
    }

    private static ExecutorService pool(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    ExecutorService loops() {
        return loops;
    }

    ExecutorService callbacks() {
        return callbacks;
    }

    @Override
    public void close() {
        loops.shutdownNow();
        callbacks.shutdown();
    }
}
