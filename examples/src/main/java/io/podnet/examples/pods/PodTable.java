package io.podnet.examples.pods;

import io.podnet.examples.table.TextTable;
import java.util.List;

/** Rows as text for people. */
final class PodTable {
    private static final List<String> HEAD = List.of("NAMESPACE", "NAME", "PHASE", "IPS", "MAC", "NODE", "NETNS");

    private PodTable() {}

    static String of(List<PodRow> rows) {
        TextTable table = new TextTable(HEAD);
        rows.forEach(row -> table.row(
                List.of(
                        row.id().namespace(),
                        row.id().name(),
                        row.phase(),
                        String.join(",", row.ips()),
                        row.mac(),
                        row.node(),
                        row.netns()),
                row.message()));
        return table.toString();
    }
}
