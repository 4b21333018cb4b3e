package io.podnet.netlink.nftables;

import io.podnet.netlink.libc.Libc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A network namespace that lives as long as its thread. Programs run in it through nsenter, from the caller's thread. */
public final class FreshNamespace implements AutoCloseable {
    private static final int CLONE_NEWNET = 0x40000000;
    private static final long GETTID = System.getProperty("os.arch").equals("aarch64") ? 178 : 186;

    private final LinkedBlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::work, "test-netns");
    private final String path;
    private volatile boolean closed;

    public FreshNamespace() throws Exception {
        thread.setDaemon(true);
        thread.start();
        path = call(() -> {
            int result = Libc.instance().unshare(CLONE_NEWNET);
            if (result < 0) {
                throw new IllegalStateException("unshare(CLONE_NEWNET): " + result + "; this test needs root");
            }
            return "/proc/" + ProcessHandle.current().pid() + "/task/"
                    + Libc.instance().syscall(GETTID, 0, 0, 0, 0) + "/ns/net";
        });
    }

    private void work() {
        try {
            while (!closed) {
                work.take().run();
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    public <T> T call(Callable<T> task) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        work.add(() -> {
            try {
                result.complete(task.call());
            } catch (Throwable thrown) {
                result.completeExceptionally(thrown);
            }
        });
        return result.get(30, TimeUnit.SECONDS);
    }

    /** Runs a program to its end and gives what it wrote. */
    public String run(String... command) throws Exception {
        List<String> all = new ArrayList<>(List.of("nsenter", "--net=" + path));
        all.addAll(List.of(command));
        Path output = Files.createTempFile("podnet-test", ".out");
        try {
            Process process = new ProcessBuilder(all)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(30, TimeUnit.SECONDS);
            String text = Files.readString(output);
            if (!ended || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new AssertionError(String.join(" ", command)
                        + " failed (this test needs nft, from the package nftables, and nsenter): " + text);
            }
            return text;
        } finally {
            Files.delete(output);
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
