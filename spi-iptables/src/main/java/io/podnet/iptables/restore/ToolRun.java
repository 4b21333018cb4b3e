package io.podnet.iptables.restore;

import io.podnet.api.PodnetException;
import io.podnet.iptables.thread.ProxyThread;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** One process of a tool, watched: it is killed when its time is up, and its complaints are kept up to a bound. */
final class ToolRun implements AutoCloseable {
    private static final int MOST_COMPLAINTS = 8192;

    private final Process process;
    private final String name;
    private final Duration timeout;
    private final StringBuilder complaints = new StringBuilder();
    private final ProxyThread listener;
    private final ProxyThread watch;
    private volatile boolean tooLate;

    ToolRun(Process process, String name, Duration timeout) {
        this.process = process;
        this.name = name;
        this.timeout = timeout;
        listener = ProxyThread.start("podnet-iptables-stderr", this::listen);
        watch = ProxyThread.start("podnet-iptables-watch", this::watch);
    }

    Process process() {
        return process;
    }

    private void listen() {
        byte[] room = new byte[1024];
        try (InputStream errors = process.getErrorStream()) {
            for (int n = errors.read(room); n >= 0; n = errors.read(room)) {
                synchronized (complaints) {
                    if (complaints.length() < MOST_COMPLAINTS) {
                        complaints.append(new String(room, 0, n, StandardCharsets.ISO_8859_1));
                    }
                }
            }
        } catch (IOException e) {
            // The process is gone, and with it what it had to say.
            return;
        }
    }

    private void watch() {
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                tooLate = true;
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the end. An interrupt kills the process. */
    int end() {
        try {
            int code = process.waitFor();
            listener.join(5000);
            if (tooLate) {
                throw new PodnetException.TimedOut(name + " did not end within " + timeout.toSeconds()
                        + " s and was killed; is another program holding the xtables lock (/run/xtables.lock)?");
            }
            return code;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PodnetException.TimedOut("the wait for " + name + " was interrupted");
        }
    }

    String complaints() {
        synchronized (complaints) {
            return complaints.toString().strip();
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            process.destroyForcibly();
        }
        watch.interrupt();
    }
}
