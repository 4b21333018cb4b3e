package io.podnet.iptables.restore;

import java.io.BufferedReader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads what iptables-save prints. */
public final class SavedRules {
    private SavedRules() {}

    /** Sees chains and rules in the order in which iptables-save prints them. */
    public interface Visitor {
        /**
         * A chain.
         *
         * @param table the table's name
         * @param chain the chain's name
         * @param builtIn whether it is the kernel's own
         */
        void chain(String table, String chain, boolean builtIn);

        /**
         * A rule.
         *
         * @param table the table's name
         * @param chain the chain's name
         * @param line characters that hold the rule
         * @param from where the rule begins in them, after {@code -A CHAIN}
         * @param packets packets that matched; 0 where counters were not asked for
         * @param bytes their bytes
         */
        void rule(String table, String chain, String line, int from, long packets, long bytes);
    }

    /**
     * Reads.
     *
     * @param lines the output
     * @param visitor sees chains and rules
     * @throws IOException where reading fails
     */
    public static void read(BufferedReader lines, Visitor visitor) throws IOException {
        String table = "";
        String chain = "";
        for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("*")) {
                table = line.substring(1);
            } else if (line.startsWith(":")) {
                int blank = line.indexOf(' ');
                visitor.chain(table, line.substring(1, blank), line.charAt(blank + 1) != '-');
            } else {
                int start = line.startsWith("[") ? line.indexOf("] ") + 2 : 0;
                if (line.startsWith("-A ", start)) {
                    int name = start + 3;
                    int blank = line.indexOf(' ', name);
                    int end = blank < 0 ? line.length() : blank;
                    if (!line.regionMatches(name, chain, 0, end - name) || chain.length() != end - name) {
                        chain = line.substring(name, end);
                    }
                    visitor.rule(
                            table,
                            chain,
                            line,
                            Math.min(end + 1, line.length()),
                            start == 0 ? 0 : Long.parseLong(line, 1, line.indexOf(':'), 10),
                            start == 0 ? 0 : Long.parseLong(line, line.indexOf(':') + 1, start - 2, 10));
                }
            }
        }
    }
}
