package io.podnet.bridge;

import io.podnet.netlink.nftables.NftGeneration;
import io.podnet.netlink.nftables.NftablesGenerations;
import io.podnet.netlink.socket.ListeningThread;
import io.podnet.netlink.socket.NetlinkEvents;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the rules looked at when somebody else changes the node's nf_tables, as {@code nft flush ruleset} or a firewall's
 * reload does. What this process's own threads change is no reason to look. Used by one {@link ListeningThread}.
 */
final class RuleWatch implements NftablesGenerations.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(RuleWatch.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofMillis(200);
    // A reload is many changes; and own changes come by the hundred while pods are set up.
    private static final Duration GATHER = Duration.ofMillis(50);
    // A pod whose set-up a flush met has its status within milliseconds; one that was given up never has.
    private static final int MOST_REPEATS = 25;

    private final BooleanSupplier mend;
    private boolean foreign;
    private int repeats;

    private RuleWatch(BooleanSupplier mend) {
        this.mend = mend;
    }

    /**
     * Begins to listen.
     *
     * @param generations tells of changes; closed with what is given
     * @param mend looks at the rules and mends them; tells whether that is finished, otherwise it is called again soon
     * @return to be closed, after which nothing is mended any more
     */
    static ListeningThread start(NetlinkEvents generations, BooleanSupplier mend) {
        RuleWatch watch = new RuleWatch(mend);
        return ListeningThread.start("podnet-rule-watch", generations, watch, watch::look);
    }

    @Override
    public void changed(NftGeneration generation) {
        foreign = foreign || !generation.isOurs();
    }

    @Override
    public void overrun() {
        foreign = true;
    }

    private Duration look() {
        if (foreign || repeats > 0) {
            repeats = foreign ? MOST_REPEATS : repeats - 1;
            foreign = false;
            if (isMended()) {
                repeats = 0;
            }
        }
        LockSupport.parkNanos(GATHER.toNanos());
        return repeats > 0 ? SOON : PATIENCE;
    }

    private boolean isMended() {
        try {
            return mend.getAsBoolean();
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).log("packet filter rules could not be put back; it is tried again");
            return false;
        }
    }
}
