package io.podnet.dns.upstream;

import io.podnet.dns.response.Image;
import io.podnet.dns.response.Response;
import io.podnet.dns.upstream.EventLoop.Timer;
import io.podnet.dns.upstream.UpstreamAttempt.Setting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One question to a group of servers: the first gets its time alone, then the next is asked besides, until somebody gives
 * an answer or the deadline is there. A server that answers with an error passes the turn on at once.
 */
public final class UpstreamLookup implements UpstreamAttempt.Listener {
    private static final int TRIES = 5;

    private final Setting setting;
    private final List<UpstreamHealth> servers;
    private final Timing timing;
    private final Consumer<@Nullable Image> result;
    private final List<UpstreamAttempt> attempts = new ArrayList<>(2);
    private final Timer deadline;
    private @Nullable Timer nextTry;
    private int errors;
    private boolean over;

    /**
     * @param setting what is asked
     * @param servers in the order to ask them
     * @param timing how long
     * @param result gets the answer once, null where there is none
     */
    UpstreamLookup(Setting setting, List<UpstreamHealth> servers, Timing timing, Consumer<@Nullable Image> result) {
        this.setting = setting;
        this.servers = servers;
        this.timing = timing;
        this.result = result;
        this.deadline = after(timing.deadline(), this::timeIsUp);
    }

    private Timer after(Duration delay, Runnable task) {
        return setting.tools().loop().after(delay.toNanos(), task);
    }

    void start() {
        if (servers.isEmpty()) {
            finish(null);
        } else {
            tryNext();
        }
    }

    private void tryNext() {
        if (nextTry != null) {
            nextTry.cancel();
            nextTry = null;
        }
        UpstreamHealth server = servers.get(attempts.size() % servers.size());
        UpstreamAttempt attempt = new UpstreamAttempt(setting, server, this);
        attempts.add(attempt);
        if (attempts.size() < TRIES) {
            nextTry = after(timing.firstTry(), this::hedge);
        }
        attempt.start();
    }

    private void hedge() {
        attempts.get(attempts.size() - 1).late();
        tryNext();
    }

    @Override
    public void onResponse(UpstreamAttempt attempt, Response response) {
        if (response instanceof Response.Answer answer) {
            finish(answer.image());
        } else {
            errors++;
            passOn();
        }
    }

    @Override
    public void onFailure(UpstreamAttempt attempt) {
        errors++;
        passOn();
    }

    /** Each server's error is final for this lookup; one that is only slow may be asked once more in its turn. */
    private void passOn() {
        if (over) {
            return;
        }
        boolean waiting = attempts.stream().anyMatch(attempt -> !attempt.isOver());
        if (attempts.size() < servers.size()) {
            // An error costs no time, so that it does not count as one of the tries that do.
            tryNext();
        } else if (!waiting && errors >= servers.size()) {
            finish(null);
        }
    }

    private void timeIsUp() {
        attempts.forEach(UpstreamAttempt::late);
        finish(null);
    }

    private void finish(@Nullable Image image) {
        if (over) {
            return;
        }
        over = true;
        deadline.cancel();
        if (nextTry != null) {
            nextTry.cancel();
        }
        attempts.forEach(UpstreamAttempt::end);
        result.accept(image);
    }

    /** Gives up: the result is null, at once. Idempotent. */
    public void cancel() {
        finish(null);
    }
}
