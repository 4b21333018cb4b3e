package io.podnet.testkit.store;

/** A node died in the middle of what it did. An error, so that no handler of failures runs: a dead process handles nothing. */
public final class NodeCrash extends Error {
    private static final long serialVersionUID = 1L;

    /**
     * Lets a node die.
     *
     * @param at where
     */
    public NodeCrash(String at) {
        super(at, null, false, false);
    }
}
