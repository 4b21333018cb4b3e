package io.podnet.netlink.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.netlink.FreshNamespace;
import io.podnet.netlink.Golden;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.socket.NetlinkConversation;
import io.podnet.netlink.socket.NetlinkEvents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NftablesGenerationsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration NONE = Duration.ZERO;

    private final List<NftGeneration> seen = new ArrayList<>();
    private int lost;
    private FreshNamespace namespace;
    private NetlinkConversation conversation;
    private NetlinkEvents generations;

    private final NftablesGenerations.Listener listener = new NftablesGenerations.Listener() {
        @Override
        public void changed(NftGeneration generation) {
            seen.add(generation);
        }

        @Override
        public void overrun() {
            lost++;
        }
    };

    @BeforeEach
    void open() throws Exception {
        namespace = new FreshNamespace();
        conversation = namespace.call(() -> NetlinkConversation.open(LinuxNetlink.NETLINK_NETFILTER));
        generations = namespace.call(NftablesGenerations::open);
    }

    @AfterEach
    void close() {
        generations.close();
        conversation.close();
        namespace.close();
    }

    @Test
    void whoChangedWhatIsTold() throws Exception {
        long before = NftablesGenerations.current(conversation);
        namespace.run("nft", "add", "table", "inet", "theirs");
        assertThat(generations.await(listener, PATIENCE)).isTrue();

        assertThat(seen).singleElement().satisfies(change -> {
            assertThat(change.id()).isEqualTo(before + 1);
            assertThat(change.processName()).isEqualTo("nft");
            assertThat(change.processId()).isPositive();
            assertThat(change.isOurs()).isFalse();
        });
        assertThat(NftablesGenerations.current(conversation)).isEqualTo(before + 1);
    }

    @Test
    void ourOwnChangesAreKnownByTheirProcess() throws Exception {
        namespace.call(() -> {
            new Nftables(conversation).commit(new NftBatch().addTable(new Table(Family.INET, "ours"), ""));
            return true;
        });
        assertThat(generations.await(listener, PATIENCE)).isTrue();
        assertThat(seen).singleElement().satisfies(change -> {
            assertThat(change.processName()).isEqualTo("fresh-namespace");
            assertThat(change.id()).isEqualTo(NftablesGenerations.current(conversation));
        });
    }

    @Test
    void readersAreNoChange() throws Exception {
        namespace.run("nft", "list", "ruleset");
        long before = NftablesGenerations.current(conversation);
        new Nftables(conversation).tables();
        assertThat(generations.await(listener, NONE)).isTrue();
        assertThat(seen).isEmpty();
        assertThat(NftablesGenerations.current(conversation)).isEqualTo(before);
    }

    @Test
    void iptablesNftIsSeenTableByTable() throws Exception {
        long before = NftablesGenerations.current(conversation);
        namespace.run("iptables-nft", "-A", "INPUT", "-s", "192.0.2.1", "-j", "DROP");
        namespace.run("iptables-nft", "-F");
        long after = NftablesGenerations.current(conversation);
        assertThat(after).isGreaterThanOrEqualTo(before + 2);
        while (seen.isEmpty() || seen.get(seen.size() - 1).id() != after) {
            assertThat(generations.await(listener, PATIENCE)).isTrue();
        }
        assertThat(seen).hasSize((int) (after - before));
        assertThat(seen).allMatch(change -> change.processName().startsWith("iptables"));
        assertThat(lost).isZero();
    }

    /** The kernel tells of each rule too; those are left out before they fill the socket. */
    @Test
    void aFloodOfRulesLosesNothing() throws Exception {
        StringBuilder rules = new StringBuilder("*filter\n");
        for (int i = 0; i < 10_000; i++) {
            rules.append("-A INPUT -s 10.0.")
                    .append(i / 250)
                    .append('.')
                    .append(i % 250)
                    .append(" -j DROP\n");
        }
        java.nio.file.Path file = java.nio.file.Files.createTempFile("podnet-test", ".rules");
        try {
            java.nio.file.Files.writeString(file, rules + "COMMIT\n");
            namespace.run("iptables-nft-restore", file.toString());
        } finally {
            java.nio.file.Files.delete(file);
        }
        long after = NftablesGenerations.current(conversation);
        generations.await(listener, PATIENCE);
        assertThat(lost).isZero();
        assertThat(seen).isNotEmpty();
        assertThat(seen.get(seen.size() - 1).id()).isEqualTo(after);
    }

    @Test
    void closingEndsAWait() throws Exception {
        CompletableFuture<Boolean> wait =
                CompletableFuture.supplyAsync(() -> generations.await(listener, Duration.ofSeconds(60)));
        generations.close();
        assertThat(wait.get(10, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void aRealMessage() {
        assertThat(NftGeneration.read(Golden.message("newgen"))).isEqualTo(new NftGeneration(2, 0x3f37, "nft"));
    }
}
