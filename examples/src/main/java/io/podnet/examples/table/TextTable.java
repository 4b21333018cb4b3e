package io.podnet.examples.table;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Rows as text: columns as wide as their widest word, a remark below its row. Not thread-safe. */
public final class TextTable {
    private static final String GAP = "   ";

    private final List<List<String>> rows = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();

    /**
     * Begins a table.
     *
     * @param head the columns' names
     */
    public TextTable(List<String> head) {
        row(head, "");
    }

    /**
     * Adds a row.
     *
     * @param cells a text for each column; an empty one is shown as a dash
     * @param remark a sentence below the row; empty for none
     */
    public void row(List<String> cells, String remark) {
        rows.add(cells.stream().map(cell -> cell.isEmpty() ? "-" : cell).toList());
        remarks.add(remark);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            text.append(line(rows.get(i))).append('\n');
            if (!remarks.get(i).isEmpty()) {
                text.append("  ").append(remarks.get(i)).append('\n');
            }
        }
        return text.toString();
    }

    private String line(List<String> row) {
        List<String> padded = new ArrayList<>();
        for (int column = 0; column < row.size(); column++) {
            int index = column;
            int width = rows.stream()
                    .mapToInt(other -> other.get(index).length())
                    .max()
                    .orElse(0);
            padded.add(row.get(column) + " ".repeat(width - row.get(column).length()));
        }
        return padded.stream().collect(Collectors.joining(GAP)).stripTrailing();
    }
}
