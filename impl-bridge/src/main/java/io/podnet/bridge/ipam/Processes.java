package io.podnet.bridge.ipam;

/** Tells dead users of a directory from living ones. */
interface Processes {
    /** Names a new user of the directory in this process, in characters that a file name may have. */
    String newInstance();

    /** Tells whether the process that made a name may still run; true where that cannot be known. */
    boolean alive(String instance);
}
