package io.podnet.cni.process;

import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.ProcessGroups;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;

/**
 * One run of a plugin: fed, drained and waited for by the calling thread. Output is polled rather than read by threads of its
 * own, since a daemon that a plugin leaves behind may hold its pipes for ever. For one thread.
 */
final class PluginProcess {
    // A pipe takes 64 KiB without a reader; what is larger is fed by a thread that the end of the process frees.
    private static final int PIPE = 60_000;
    private static final long LOOK_EVERY_MILLIS = 2;
    private static final long LONGEST_DEATH_SECONDS = 10;

    private final String what;
    private final PluginLimits limits;
    private final Process process;
    private final BoundedBytes stdout;
    private final BoundedBytes stderr;

    private PluginProcess(String what, PluginLimits limits, Process process) {
        this.what = what;
        this.limits = limits;
        this.process = process;
        this.stdout = new BoundedBytes(process.getInputStream(), limits.stdoutBytes());
        this.stderr = new BoundedBytes(process.getErrorStream(), limits.stderrBytes());
    }

    static Ended run(String what, ProcessBuilder builder, byte[] stdin, PluginLimits limits) {
        try {
            PluginProcess run = new PluginProcess(what, limits, builder.start());
            return run.toEnd(stdin);
        } catch (IOException e) {
            throw new PodnetException.StateFailure(what + " cannot be started: " + e.getMessage(), e);
        }
    }

    private Ended toEnd(byte[] stdin) {
        boolean done = false;
        try {
            feed(stdin);
            await();
            done = true;
            return new Ended(process.exitValue(), stdout.text(), stderr.text());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PodnetException.TimedOut(
                    what + " was killed, since the thread that waited for it was interrupted");
        } finally {
            if (!done) {
                kill();
            }
            closeQuietly();
        }
    }

    private void feed(byte[] stdin) {
        if (stdin.length <= PIPE) {
            write(stdin);
            return;
        }
        Thread feeder = new Thread(() -> write(stdin), "cni-plugin-stdin");
        feeder.setDaemon(true);
        feeder.start();
    }

    private void write(byte[] stdin) {
        try (OutputStream to = process.getOutputStream()) {
            to.write(stdin);
        } catch (IOException e) {
            // It did not want to read all, which is its business; what it answers tells.
            return;
        }
    }

    private void await() throws InterruptedException {
        long end = System.nanoTime() + limits.timeout().toNanos();
        boolean ended = false;
        while (!ended) {
            ended = process.waitFor(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
            stdout.drain();
            stderr.drain();
            if (stdout.overflowed()) {
                throw new PodnetException.PluginFailed(
                        what + " printed more than " + limits.stdoutBytes() + " bytes and was killed", 0);
            }
            if (!ended && System.nanoTime() - end > 0) {
                throw new PodnetException.TimedOut(what + " did not end within "
                        + limits.timeout().toMillis() + " ms and was killed" + Answer.said(stderr.text()));
            }
        }
    }

    private void kill() {
        ProcessGroups.kill(process.pid());
        // Before setsid has made the group there is the process alone.
        process.destroyForcibly();
        try {
            if (!process.waitFor(LONGEST_DEATH_SECONDS, TimeUnit.SECONDS)) {
                throw new PodnetException.TimedOut(what + " does not end after SIGKILL; it waits for the kernel");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeQuietly() {
        try {
            process.getInputStream().close();
            process.getErrorStream().close();
        } catch (IOException e) {
            // Nobody reads them any more.
            return;
        }
    }
}
