package io.podnet.dns.forward;

/** What gives way where too much is under way. */
public enum DropPolicy {
    /** The query that comes then. */
    NEWEST,
    /** The query that waits for longest: its client has given up soonest. */
    OLDEST
}
