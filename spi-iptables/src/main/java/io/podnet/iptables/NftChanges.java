package io.podnet.iptables;

import io.podnet.netlink.nftables.NftGeneration;
import io.podnet.netlink.nftables.NftablesGenerations;
import io.podnet.netlink.socket.ListeningThread;
import io.podnet.netlink.socket.NetlinkConversation;
import io.podnet.netlink.socket.NetlinkEvents;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Counts the transactions of others on a namespace's nf_tables: those that neither one of our tools nor a thread of this
 * process, such as a network plugin's, made. The kernel tells who, but counts processes as its first pid namespace does:
 * as long as it has named none of ours, all that happens while a tool of ours writes passes for its work. A thread of its
 * own listens. Safe for any thread.
 */
final class NftChanges implements AutoCloseable {
    // Events come within milliseconds; process ids come again after thousands.
    private static final int MOST_TOOLS = 64;

    private final ListeningThread thread;
    private final NetlinkConversation netfilter;
    private final Set<Long> tools = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
            return size() > MOST_TOOLS;
        }
    });
    private boolean knowsUs;
    private int writers;
    private long ourFirst;
    private long ourLast;
    private long foreign;

    /**
     * Begins to listen.
     *
     * @param generations tells of changes; closed with this
     * @param netfilter asks for the present generation; stays the caller's
     */
    NftChanges(NetlinkEvents generations, NetlinkConversation netfilter) {
        this.netfilter = netfilter;
        this.thread = ListeningThread.start("podnet-nft-changes", generations, new NftablesGenerations.Listener() {
            @Override
            public void changed(NftGeneration generation) {
                note(generation);
            }

            @Override
            public void overrun() {
                noteLost();
            }
        });
    }

    synchronized void started(long processId) {
        tools.add(processId);
    }

    private synchronized void note(NftGeneration generation) {
        boolean ours = tools.contains(generation.processId());
        knowsUs |= ours;
        if (!knowsUs) {
            ours = generation.id() > ourFirst && (writers > 0 || generation.id() <= ourLast);
        }
        if (!ours && !generation.isOurs()) {
            foreign++;
        }
    }

    private synchronized void noteLost() {
        foreign++;
    }

    synchronized long foreign() {
        return foreign;
    }

    void whileWriting(Runnable write) {
        synchronized (this) {
            if (writers++ == 0) {
                ourFirst = NftablesGenerations.current(netfilter);
            }
        }
        try {
            write.run();
        } finally {
            synchronized (this) {
                if (--writers == 0) {
                    ourLast = NftablesGenerations.current(netfilter);
                }
            }
        }
    }

    @Override
    public void close() {
        thread.close();
    }
}
