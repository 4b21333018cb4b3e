package io.podnet.examples.pods;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Rows as text for people: columns as wide as their widest word. */
final class PodTable {
    private static final List<String> HEAD = List.of("NAMESPACE", "NAME", "PHASE", "IPS", "MAC", "NODE", "NETNS");
    private static final String GAP = "   ";

    private PodTable() {}

    static String of(List<PodRow> rows) {
        List<List<String>> cells = new ArrayList<>();
        cells.add(HEAD);
        rows.forEach(row -> cells.add(List.of(
                row.id().namespace(),
                row.id().name(),
                row.phase(),
                orDash(String.join(",", row.ips())),
                orDash(row.mac()),
                orDash(row.node()),
                orDash(row.netns()))));
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            text.append(line(cells.get(i), cells)).append('\n');
            if (i > 0 && !rows.get(i - 1).message().isEmpty()) {
                text.append("  ").append(rows.get(i - 1).message()).append('\n');
            }
        }
        return text.toString();
    }

    private static String orDash(String cell) {
        return cell.isEmpty() ? "-" : cell;
    }

    private static String line(List<String> row, List<List<String>> all) {
        List<String> padded = new ArrayList<>();
        for (int column = 0; column < row.size(); column++) {
            int index = column;
            int width = all.stream()
                    .mapToInt(other -> other.get(index).length())
                    .max()
                    .orElse(0);
            padded.add(row.get(column) + " ".repeat(width - row.get(column).length()));
        }
        return padded.stream().collect(Collectors.joining(GAP)).stripTrailing();
    }
}
