package io.podnet.netlink;

import io.podnet.netlink.libc.Libc;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A network namespace that lives as long as its one thread and what was opened there. Tasks run on that thread. */
public final class FreshNamespace implements AutoCloseable {
    private static final int CLONE_NEWNET = 0x40000000;

    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::work, "fresh-namespace");
    private boolean closed;

    public FreshNamespace() {
        Libc libc = Libc.instance();
        thread.setDaemon(true);
        thread.start();
        int result = call(() -> libc.unshare(CLONE_NEWNET));
        if (result < 0) {
            throw new IllegalStateException("unshare failed with " + result + "; these tests need root");
        }
    }

    private void work() {
        try {
            while (!closed) {
                tasks.take().run();
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs a task inside and waits for it. */
    public <T> T call(Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        tasks.add(() -> {
            try {
                result.complete(task.call());
            } catch (Throwable thrown) {
                result.completeExceptionally(thrown);
            }
        });
        try {
            return result.get(60, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException thrown) {
            if (thrown.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new IllegalStateException(thrown.getCause());
        } catch (Exception other) {
            throw new IllegalStateException(other);
        }
    }

    /** Opens a descriptor of this namespace, for IFLA_NET_NS_FD. The caller closes it. */
    public int openFd() {
        return call(() -> Libc.instance().open("/proc/thread-self/ns/net", 0x80000, 0));
    }

    /** Runs a program inside and gives what it printed. */
    public String run(String... command) {
        return call(() -> {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + " printed " + output);
            }
            return output;
        });
    }

    @Override
    public void close() {
        call(() -> closed = true);
        try {
            thread.join(10_000);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
