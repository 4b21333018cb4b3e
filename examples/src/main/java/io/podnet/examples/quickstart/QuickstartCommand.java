package io.podnet.examples.quickstart;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The {@code quickstart} command. */
@Command(
        name = "quickstart",
        description =
                "A guided tour: a node in a network namespace of its own, two pods, real traffic, and nothing left.",
        mixinStandardHelpOptions = true)
public final class QuickstartCommand implements Callable<Integer> {
    private static final long UNTIL_CLEAN_SECONDS = 30;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
        Thread touring = Thread.currentThread();
        CountDownLatch clean = new CountDownLatch(1);
        Thread onSignal = new Thread(() -> interrupt(touring, clean), "on-signal");
        Runtime.getRuntime().addShutdownHook(onSignal);
        try {
            new Quickstart(new Tour(out), System.getenv()).run();
            out.println();
            out.println("quickstart: ok");
            out.flush();
            return 0;
        } catch (TourException e) {
            err.println("quickstart: " + e.getMessage());
            err.flush();
            return 1;
        } finally {
            clean.countDown();
        }
    }

    /** Ends the tour early, so that it takes everything back before the JVM goes. */
    private static void interrupt(Thread touring, CountDownLatch clean) {
        if (clean.getCount() > 0) {
            touring.interrupt();
        }
        try {
            if (!clean.await(UNTIL_CLEAN_SECONDS, TimeUnit.SECONDS)) {
                touring.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
