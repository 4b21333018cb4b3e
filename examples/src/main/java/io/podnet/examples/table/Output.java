package io.podnet.examples.table;

/** How something is written. */
public enum Output {
    /** For people. */
    table,
    /** For programs. */
    json
}
