package io.podnet.architecture.unsaid;

/** A public type that nobody decided on. */
public class Unsaid {
    /** One inside it. */
    public static class Inside {}
}
