package io.podnet.examples.quickstart;

import java.io.PrintWriter;

/** Prints a guided tour: steps, what is done in words that can be typed, what came of it. */
final class Tour {
    private final PrintWriter out;
    private int step;
    private volatile boolean stopped;

    Tour(PrintWriter out) {
        this.out = out;
    }

    /** Ends the tour at its next step, in order: interrupting its thread would break files off in the middle. */
    void stop() {
        stopped = true;
    }

    private void requireGoingOn() {
        if (stopped) {
            throw new TourException("stopped; everything was taken back");
        }
    }

    void say(String text) {
        out.println(text);
        out.flush();
    }

    void step(String title) {
        requireGoingOn();
        step++;
        say("");
        say(step + ". " + title);
    }

    /** What is done: a call of Podnet, or a program that runs somewhere. */
    void does(String where, String what) {
        requireGoingOn();
        say("   " + where + "> " + what);
    }

    void shows(String text) {
        text.strip().lines().forEach(line -> say("      " + line));
    }

    /** A claim that was checked. */
    void holds(boolean truth, String claim) {
        if (!truth) {
            throw new TourException("this is not so: " + claim);
        }
        say("      ok: " + claim);
    }
}
