package io.podnet.netlink.xtables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NetworkNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real tables that the real tools change. */
class LegacyTablesTest {
    private final NamespaceThreads threads = new NamespaceThreads();
    private final NetworkNamespace namespace = threads.makeUnpinned();
    private final LegacyTables tables = new LegacyTables(threads, namespace);

    @AfterEach
    void close() {
        tables.close();
        namespace.close();
        threads.close();
    }

    private String run(String... command) throws Exception {
        return feed("", command);
    }

    private String feed(String input, String... command) throws Exception {
        List<String> all = new ArrayList<>(List.of("nsenter", "--net=" + namespace.path()));
        all.addAll(List.of(command));
        Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " printed " + output);
        }
        return output;
    }

    private String existing(IpFamily family) throws Exception {
        return run("sh", "-c", "cat /proc/net/" + (family == IpFamily.IPV4 ? "ip" : "ip6") + "_tables_names || true");
    }

    private static String tool(IpFamily family) {
        return family == IpFamily.IPV4 ? "iptables-legacy" : "ip6tables-legacy";
    }

    private static String source(IpFamily family, int last) {
        return family == IpFamily.IPV4 ? "192.0.2." + last : "2001:db8::" + last;
    }

    @ParameterizedTest
    @EnumSource
    void aTableThatNobodyUsesIsAbsentAndStaysSo(IpFamily family) throws Exception {
        assertThat(tables.info(family, "nat")).isEmpty();
        assertThat(tables.fingerprint(family, "nat")).isEmpty();
        assertThat(existing(family)).doesNotContain("nat");

        run(tool(family), "-t", "nat", "-L", "-n");
        assertThat(tables.info(family, "nat")).isPresent();
        assertThat(tables.fingerprint(family, "nat")).isPresent();
        assertThat(tables.info(family, "mangle")).isEmpty();
        assertThat(existing(family)).contains("nat").doesNotContain("mangle");
    }

    @ParameterizedTest
    @EnumSource
    void theOutlineTellsWhatTheTableHas(IpFamily family) throws Exception {
        run(tool(family), "-t", "filter", "-N", "ours");
        TableInfo empty = tables.info(family, "filter").orElseThrow();
        // INPUT, FORWARD and OUTPUT, each with its policy; a chain's two entries; the end.
        assertThat(empty.validHooks()).isEqualTo(0b1110);
        assertThat(empty.entries()).isEqualTo(6);

        run(tool(family), "-A", "INPUT", "-s", source(family, 1), "-j", "ours");
        TableInfo one = tables.info(family, "filter").orElseThrow();
        assertThat(one.entries()).isEqualTo(7);
        assertThat(one.size()).isGreaterThan(empty.size());
        assertThat(one.hookEntries().get(1)).isZero();
        assertThat(one.underflows().get(1)).isEqualTo(one.size() - empty.size());

        run(tool(family), "-F");
        assertThat(tables.info(family, "filter")).contains(empty);
    }

    /** Same size, same number of entries: the outline can not tell, the fingerprint can. */
    @ParameterizedTest
    @EnumSource
    void aRuleInThePlaceOfAnotherIsSeen(IpFamily family) throws Exception {
        Set<Long> fingerprints = new HashSet<>();
        Set<TableInfo> outlines = new HashSet<>();
        run(tool(family), "-A", "INPUT", "-s", source(family, 1), "-j", "ACCEPT");
        run(tool(family), "-A", "INPUT", "-s", source(family, 2), "-j", "DROP");
        for (int last = 1; last < 200; last++) {
            if (last > 1) {
                run(
                        tool(family),
                        "-R",
                        "INPUT",
                        "1",
                        "-s",
                        source(family, last),
                        "-j",
                        last % 2 == 0 ? "ACCEPT" : "DROP");
            }
            outlines.add(tables.info(family, "filter").orElseThrow());
            fingerprints.add(tables.fingerprint(family, "filter").orElseThrow());
            last += 20;
        }
        assertThat(outlines).hasSize(1);
        assertThat(fingerprints).hasSize(10);
    }

    @Test
    void theOrderCountsAndAChangeTakenBackDoesNot() throws Exception {
        run("iptables-legacy", "-A", "INPUT", "-s", "192.0.2.1", "-j", "DROP");
        run("iptables-legacy", "-A", "INPUT", "-s", "192.0.2.2", "-j", "DROP");
        long before = tables.fingerprint(IpFamily.IPV4, "filter").orElseThrow();
        run("iptables-legacy", "-D", "INPUT", "1");
        run("iptables-legacy", "-A", "INPUT", "-s", "192.0.2.1", "-j", "DROP");
        assertThat(tables.fingerprint(IpFamily.IPV4, "filter").orElseThrow()).isNotEqualTo(before);

        run("iptables-legacy", "-D", "INPUT", "1");
        run("iptables-legacy", "-A", "INPUT", "-s", "192.0.2.2", "-j", "DROP");
        assertThat(tables.fingerprint(IpFamily.IPV4, "filter").orElseThrow()).isEqualTo(before);
    }

    /** Counters, and what matches remember, change with each packet; the rules do not. */
    @Test
    void packetsChangeNothing() throws Exception {
        run("ip", "link", "set", "lo", "up");
        feed("""
                *filter
                :ours - [0:0]
                -A OUTPUT -p udp -m statistic --mode nth --every 3 --packet 0 -j ours
                -A OUTPUT -p udp -m statistic --mode random --probability 0.5 -j ours
                -A OUTPUT -p udp -m limit --limit 1/sec -j ours
                -A OUTPUT -p udp -m recent --name podnet --set -j ours
                -A OUTPUT -p udp -m recent --name podnet --rcheck --seconds 10 --reap -j ours
                -A OUTPUT -p udp -m connlimit --connlimit-above 1 -j ours
                -A OUTPUT -p udp -m hashlimit --hashlimit-upto 1/sec --hashlimit-name podnet -j ours
                -A OUTPUT -p udp -m quota --quota 10000 -j ours
                -A OUTPUT -p udp -m comment --comment "default/dns:dns cluster IP" -j MARK --or-mark 0x4000
                COMMIT
                """, "iptables-legacy-restore");
        long before = tables.fingerprint(IpFamily.IPV4, "filter").orElseThrow();
        try (DatagramChannel client = threads.callIn(namespace, DatagramChannel::open)) {
            for (int i = 0; i < 20; i++) {
                client.send(ByteBuffer.allocate(1), new InetSocketAddress("127.0.0.1", 5000 + i));
            }
        }
        assertThat(run("iptables-legacy", "-L", "OUTPUT", "-v", "-x", "-n")).containsPattern("20 +\\d+ +ours");
        assertThat(tables.fingerprint(IpFamily.IPV4, "filter").orElseThrow()).isEqualTo(before);
    }

    @Test
    void aTableLargerThanAnyBuffer() throws Exception {
        StringBuilder rules = new StringBuilder("*filter\n");
        for (int i = 0; i < 5_000; i++) {
            rules.append("-A INPUT -s 10.0.")
                    .append(i / 250)
                    .append('.')
                    .append(i % 250)
                    .append(" -j DROP\n");
        }
        feed(rules + "COMMIT\n", "iptables-legacy-restore");
        TableInfo info = tables.info(IpFamily.IPV4, "filter").orElseThrow();
        assertThat(info.entries()).isEqualTo(5_004);
        long before = tables.fingerprint(IpFamily.IPV4, "filter").orElseThrow();
        run("iptables-legacy", "-R", "INPUT", "4999", "-s", "10.0.19.250", "-j", "DROP");
        assertThat(tables.info(IpFamily.IPV4, "filter")).contains(info);
        assertThat(tables.fingerprint(IpFamily.IPV4, "filter").orElseThrow()).isNotEqualTo(before);
    }

    @Test
    void namesThatCanBeNoTable() {
        for (String name : List.of("", "a b", "nat\0", "x".repeat(32), "ä")) {
            assertThatThrownBy(() -> tables.info(IpFamily.IPV4, name)).isInstanceOf(PodnetException.Invalid.class);
        }
        assertThat(tables.info(IpFamily.IPV4, "x".repeat(31))).isEmpty();
    }

    @Test
    void closedIsClosed() {
        tables.close();
        tables.close();
        assertThatThrownBy(() -> tables.info(IpFamily.IPV4, "nat")).isInstanceOf(IllegalStateException.class);
    }
}
