package io.podnet.bridge;

import io.podnet.netlink.nftables.NftGeneration;
import io.podnet.netlink.nftables.NftablesGenerations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears when somebody else changes the node's nf_tables, as {@code nft flush ruleset} or a firewall's reload does, and has
 * the rules looked at. What this process's own threads change is no reason to look.
 */
final class RuleWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RuleWatch.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofMillis(200);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
    // A reload is many changes; and own changes come by the hundred while pods are set up.
    private static final long GATHER_MILLIS = 50;
    // A pod whose set-up a flush met has its status within milliseconds; one that was given up never has.
    private static final int MOST_REPEATS = 25;

    private final NftablesGenerations generations;
    private final BooleanSupplier mend;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    /**
     * Begins to listen.
     *
     * @param generations tells of changes; closed with this
     * @param mend looks at the rules and mends them; tells whether that is finished, otherwise it is called again soon
     */
    RuleWatch(NftablesGenerations generations, BooleanSupplier mend) {
        this.generations = generations;
        this.mend = mend;
        this.thread = new Thread(null, this::run, "podnet-rule-watch", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        thread.start();
    }

    /** What was heard; used by one thread. */
    private static final class Heard implements NftablesGenerations.Listener {
        private boolean foreign;

        @Override
        public void changed(NftGeneration generation) {
            // In a pid namespace of our own the kernel's numbers are others: then every change is looked at.
            foreign = foreign || !Files.exists(Path.of("/proc/self/task", Long.toString(generation.processId())));
        }

        @Override
        public void lost() {
            foreign = true;
        }
    }

    private void run() {
        Heard heard = new Heard();
        int repeats = 0;
        try {
            do {
                if (heard.foreign || repeats > 0) {
                    repeats = heard.foreign ? MOST_REPEATS : repeats - 1;
                    heard.foreign = false;
                    if (mended()) {
                        repeats = 0;
                    }
                }
            } while (!closing.await(GATHER_MILLIS, TimeUnit.MILLISECONDS)
                    && listened(heard, repeats > 0 ? SOON : PATIENCE));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean listened(Heard heard, Duration patience) throws InterruptedException {
        try {
            return generations.await(heard, patience);
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .setCause(e)
                    .log("changes of nf_tables could not be heard; the rules are looked at now and then");
            heard.foreign = true;
            return !closing.await(AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private boolean mended() {
        try {
            return mend.getAsBoolean();
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).log("packet filter rules could not be put back; it is tried again");
            return false;
        }
    }

    @Override
    public void close() {
        closing.countDown();
        generations.close();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
