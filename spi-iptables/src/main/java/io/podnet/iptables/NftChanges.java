package io.podnet.iptables;

import io.podnet.netlink.nftables.NftGeneration;
import io.podnet.netlink.nftables.NftablesGenerations;
import io.podnet.netlink.socket.NetlinkConversation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the transactions of others on a namespace's nf_tables: those that happen while none of our tools writes, and
 * that no thread of this process made, such as a network plugin's. A thread of its own listens. Safe for any thread.
 */
final class NftChanges implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NftChanges.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final NftablesGenerations generations;
    private final NetlinkConversation netfilter;
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
    NftChanges(NftablesGenerations generations, NetlinkConversation netfilter) {
        this.generations = generations;
        this.netfilter = netfilter;
        Thread thread = new Thread(null, this::listen, "podnet-nft-changes", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        thread.start();
    }

    private void listen() {
        NftablesGenerations.Listener listener = new NftablesGenerations.Listener() {
            @Override
            public void changed(NftGeneration generation) {
                note(generation);
            }

            @Override
            public void lost() {
                noteLost();
            }
        };
        try {
            while (generations.await(listener, PATIENCE)) {
                LOG.trace("looked at nf_tables");
            }
        } catch (RuntimeException e) {
            LOG.warn("changes of nf_tables are not heard any more; rules are only compared now and then", e);
        }
    }

    private synchronized void note(NftGeneration generation) {
        boolean ours =
                writers > 0 ? generation.id() > ourFirst : generation.id() > ourFirst && generation.id() <= ourLast;
        if (!ours && !Files.exists(Path.of("/proc/self/task", Long.toString(generation.processId())))) {
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
        generations.close();
    }
}
