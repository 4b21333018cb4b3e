package io.podnet.netlink;

import io.podnet.netlink.libc.Libc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A network namespace that lives as long as its one thread and what was opened there. Tasks run on that thread; programs
 * enter by nsenter, from the caller's thread, so that nothing of the JDK's stays inside.
 */
public final class FreshNamespace implements AutoCloseable {
    private static final int CLONE_NEWNET = 0x40000000;
    private static final long GETTID = System.getProperty("os.arch").equals("aarch64") ? 178 : 186;
    private static final long PATIENCE_SECONDS = 60;

    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::work, "fresh-namespace");
    private final String path;
    private boolean closed;

    public FreshNamespace() {
        Libc libc = Libc.instance();
        thread.setDaemon(true);
        thread.start();
        path = call(() -> {
            int result = libc.unshare(CLONE_NEWNET);
            if (result < 0) {
                throw new IllegalStateException("unshare failed with " + result + "; these tests need root");
            }
            return "/proc/" + ProcessHandle.current().pid() + "/task/" + libc.syscall(GETTID, 0, 0, 0, 0) + "/ns/net";
        });
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
            return result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException thrown) {
            if (thrown.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new IllegalStateException(thrown.getCause());
        } catch (InterruptedException | TimeoutException other) {
            throw new IllegalStateException(other);
        }
    }

    /** Where iproute2 and others find it. */
    public String path() {
        return path;
    }

    /** Opens a descriptor of this namespace, for IFLA_NET_NS_FD. The caller closes it. */
    public int openFd() {
        return call(() -> Libc.instance().open("/proc/thread-self/ns/net", 0x80000, 0));
    }

    /** The command line that runs a program inside. */
    public List<String> command(String... command) {
        List<String> all = new ArrayList<>(List.of("nsenter", "--net=" + path));
        all.addAll(List.of(command));
        return all;
    }

    /** Runs a program to its end and gives what it wrote. */
    public String run(String... command) {
        try {
            return output(command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String output(String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("podnet-test", ".out");
        try {
            Process process = new ProcessBuilder(command(command))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            String text = Files.readString(output);
            if (!ended || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new AssertionError(
                        String.join(" ", command) + " failed (is it installed, and nsenter?): " + text);
            }
            return text;
        } finally {
            Files.delete(output);
        }
    }

    /** Runs a line of shell commands. */
    public void sh(String line, Object... values) {
        run("sh", "-ec", String.format(Locale.ROOT, line, values));
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
