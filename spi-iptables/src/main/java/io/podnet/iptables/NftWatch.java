package io.podnet.iptables;

/** One family's view of {@link NftChanges}. */
final class NftWatch implements RuleWatch {
    private final NftChanges changes;
    private long seen;

    NftWatch(NftChanges changes) {
        this.changes = changes;
    }

    @Override
    public synchronized boolean isSuspect() {
        return changes.foreign() != seen;
    }

    @Override
    public synchronized void looked() {
        seen = changes.foreign();
    }

    @Override
    public void started(long processId) {
        changes.started(processId);
    }

    @Override
    public void whileWriting(Runnable write) {
        changes.whileWriting(write);
    }
}
