package io.podnet.netlink.socket;

import java.util.List;
import java.util.OptionalInt;

/**
 * Requests that one netfilter subsystem carries out together or not at all.
 *
 * @param subsystem NFNL_SUBSYS_* that all requests belong to
 * @param generation where present, the transaction is refused (ERESTART) unless the ruleset still has this generation id
 * @param requests what to do, in this order; not changed during the commit
 */
public record NetfilterTransaction(int subsystem, OptionalInt generation, List<? extends NetlinkRequest> requests) {
    /**
     * Makes a transaction over nf_tables that expects no generation.
     *
     * @param requests what to do, in this order
     * @return the transaction
     */
    public static NetfilterTransaction ofTables(List<? extends NetlinkRequest> requests) {
        return new NetfilterTransaction(LinuxNfnetlink.NFNL_SUBSYS_NFTABLES, OptionalInt.empty(), requests);
    }
}
