package io.podnet.netlink.traffic;

import java.util.Optional;

/**
 * A queueing discipline as the kernel shows it.
 *
 * @param linkIndex interface index
 * @param kind TCA_KIND, for example {@code tbf} or {@code ingress}
 * @param handle its handle, major number in the upper half
 * @param parent where it hangs, {@link #ROOT} or {@link #INGRESS} or a class
 * @param tokenBucket its settings, where it is a token bucket filter
 */
public record Qdisc(int linkIndex, String kind, int handle, int parent, Optional<TokenBucket> tokenBucket) {
    /** The parent of what a link sends. */
    public static final int ROOT = LinuxTc.TC_H_ROOT;
    /** The parent of what a link receives. */
    public static final int INGRESS = LinuxTc.TC_H_INGRESS;
}
