package io.podnet.iptables;

/** Notices cheaply that somebody else may have changed rules. Safe for any thread. */
interface RuleWatch {
    /**
     * Tells whether rules may have changed since the last look, other than by our own writes.
     *
     * @return true where a comparison is due
     */
    boolean isSuspect();

    /** From now on changes count; a comparison follows. */
    void looked();

    /**
     * Hears of a process that writes or reads rules for us, before it does so.
     *
     * @param processId the process
     */
    void started(long processId);

    /**
     * Writes; the write itself is no reason for suspicion.
     *
     * @param write the write
     */
    void whileWriting(Runnable write);
}
