package io.podnet.iptables;

import io.podnet.api.IpFamily;
import io.podnet.api.NamespaceRef;
import io.podnet.api.PodnetException;
import io.podnet.iptables.chain.FixedChains;
import io.podnet.iptables.restore.Flavour;
import io.podnet.iptables.restore.NamespacePrograms;
import io.podnet.iptables.restore.RuleTool;
import io.podnet.iptables.restore.SavedRules;
import io.podnet.iptables.restore.Tool;
import io.podnet.iptables.rule.Table;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.xtables.LegacyTables;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the tools where nobody says which: those with which rules of ours were made here, else those with which most
 * rules were made, else nft's. Two kinds of rules beside each other would both be asked for each packet.
 */
final class FlavourChoice {
    private static final Logger LOG = LoggerFactory.getLogger(FlavourChoice.class);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final List<Path> directories;
    private final NamespaceThreads threads;
    private final NamespaceRef namespace;
    private final boolean hasNftables;

    FlavourChoice(List<Path> directories, NamespaceThreads threads, NamespaceRef namespace, boolean hasNftables) {
        this.directories = directories;
        this.threads = threads;
        this.namespace = namespace;
        this.hasNftables = hasNftables;
    }

    private record Found(long ours, long all) {}

    Flavour choose(Optional<Flavour> wanted) {
        if (wanted.isPresent()) {
            tool(wanted.get());
            return wanted.get();
        }
        boolean nft = hasNftables
                && Tool.find(directories, Flavour.NFT, IpFamily.IPV4).isPresent();
        if (!nft) {
            tool(Flavour.LEGACY);
            return Flavour.LEGACY;
        }
        if (Tool.find(directories, Flavour.LEGACY, IpFamily.IPV4).isEmpty()
                || !hasLegacyTables(threads, namespace, IpFamily.IPV4)) {
            return Flavour.NFT;
        }
        Found legacy = count(Flavour.LEGACY);
        Found modern = count(Flavour.NFT);
        boolean anyOurs = legacy.ours > 0 || modern.ours > 0;
        boolean moreLegacy = anyOurs ? legacy.ours > modern.ours : legacy.all > modern.all;
        return moreLegacy ? Flavour.LEGACY : Flavour.NFT;
    }

    private Tool tool(Flavour flavour) {
        return Tool.find(directories, flavour, IpFamily.IPV4)
                .orElseThrow(() -> Tool.missing(directories, flavour, IpFamily.IPV4));
    }

    /** Without asking the legacy tools: they would make the tables. */
    static boolean hasLegacyTables(NamespaceThreads threads, NamespaceRef namespace, IpFamily family) {
        try (LegacyTables tables = new LegacyTables(threads, namespace)) {
            return tables.canTell(family)
                    && (tables.info(family, "nat").isPresent()
                            || tables.info(family, "filter").isPresent());
        }
    }

    private Found count(Flavour flavour) {
        long[] counts = {0, 0};
        try {
            new RuleTool(
                            tool(flavour),
                            new NamespacePrograms(namespace, processId -> {}),
                            new ReentrantLock(),
                            Duration.ofSeconds(5),
                            PATIENCE)
                    .save(false, new SavedRules.Visitor() {
                        @Override
                        public void chain(String table, String chain, boolean builtIn) {
                            for (Table known : Table.values()) {
                                if (known.kernelName().equals(table) && FixedChains.isOurs(known, chain)) {
                                    counts[0]++;
                                }
                            }
                        }

                        @Override
                        public void rule(String table, String chain, String line, int from, long packets, long bytes) {
                            counts[1]++;
                        }
                    });
        } catch (PodnetException e) {
            LOG.atDebug().addKeyValue("backend", flavour.word()).setCause(e).log("rules cannot be read");
        }
        return new Found(counts[0], counts[1]);
    }
}
