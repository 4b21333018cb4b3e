package io.podnet.examples.quickstart;

import java.io.PrintWriter;

/** Prints a guided tour: steps, what is done in words that can be typed, what came of it. */
final class Tour {
    private final PrintWriter out;
    private int step;

    Tour(PrintWriter out) {
        this.out = out;
    }

    void say(String text) {
        out.println(text);
        out.flush();
    }

    void step(String title) {
        step++;
        say("");
        say(step + ". " + title);
    }

    /** What is done: a call of Podnet, or a program that runs somewhere. */
    void does(String where, String what) {
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
