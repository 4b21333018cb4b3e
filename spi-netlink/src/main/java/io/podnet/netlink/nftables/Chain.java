package io.podnet.netlink.nftables;

import java.util.Objects;
import java.util.Optional;

/**
 * A chain of rules.
 *
 * @param name its name, unique in the table
 * @param hook where packets enter it; empty for a regular chain, which is only jumped to
 */
public record Chain(String name, Optional<BaseHook> hook) {
    public Chain {
        NftNames.check("chain", name);
        Objects.requireNonNull(hook, "hook");
    }

    /**
     * Makes a chain that is only jumped to.
     *
     * @param name its name
     * @return the chain
     */
    public static Chain regular(String name) {
        return new Chain(name, Optional.empty());
    }

    /**
     * Makes a chain that packets enter at a hook; what leaves it at its end is accepted.
     *
     * @param name its name
     * @param type what its rules may do
     * @param hook where packets enter
     * @param priority order among the chains of the hook, lower first
     * @return the chain
     */
    public static Chain base(String name, BaseHook.Type type, BaseHook.Point hook, int priority) {
        return new Chain(name, Optional.of(new BaseHook(type, hook, priority, true)));
    }
}
