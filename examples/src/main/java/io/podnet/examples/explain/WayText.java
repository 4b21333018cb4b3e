package io.podnet.examples.explain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podnet.examples.table.TextTable;
import io.podnet.spi.ServiceProxy.Verdict;
import java.util.List;
import java.util.Locale;

/** A way in words, and as JSON. */
final class WayText {
    private static final ObjectMapper JSON = new ObjectMapper();

    private WayText() {}

    static String words(Way way) {
        StringBuilder text = new StringBuilder();
        text.append(way.from().name())
                .append(" (")
                .append(way.from().ip())
                .append(") sends to ")
                .append(way.to())
                .append('/')
                .append(way.protocol())
                .append(":\n");
        int number = 0;
        for (String step : way.steps()) {
            number++;
            text.append("  ").append(number).append(". ").append(step).append('\n');
        }
        text.append("verdict: ").append(verdict(way.verdict())).append('\n');
        if (!way.candidates().isEmpty()) {
            TextTable table = new TextTable(List.of("ENDPOINT", "PROBABILITY", "SOURCE", "POD"));
            way.candidates()
                    .forEach(stop -> table.row(
                            List.of(
                                    new Target(
                                                    stop.candidate().ip(),
                                                    stop.candidate().port())
                                            .toString(),
                                    String.format(
                                            Locale.ROOT,
                                            "%.4f",
                                            stop.candidate().probability()),
                                    stop.candidate().masquerade() ? "the node's" : "kept",
                                    stop.pod().map(Object::toString).orElse("")),
                            ""));
            text.append('\n').append(table);
        }
        return text.toString();
    }

    private static String verdict(Verdict verdict) {
        return switch (verdict) {
            case PASS -> "PASS, no service changes the packet";
            case TRANSLATE -> "TRANSLATE, sent to an endpoint";
            case TRANSLATE_AND_MASQUERADE ->
                "TRANSLATE_AND_MASQUERADE, sent to an endpoint with the node's address as its" + " source";
            case REJECT -> "REJECT, refused with an ICMP error";
            case DROP -> "DROP, dropped silently";
        };
    }

    static String json(Way way) {
        ObjectNode root = JSON.createObjectNode();
        root.put("from", way.from().name())
                .put("fromIp", way.from().ip().toString())
                .put("to", way.to().toString())
                .put("protocol", way.protocol().name())
                .put("verdict", way.verdict().name());
        ArrayNode steps = root.putArray("steps");
        way.steps().forEach(steps::add);
        ArrayNode candidates = root.putArray("candidates");
        way.candidates()
                .forEach(stop -> candidates
                        .addObject()
                        .put("ip", stop.candidate().ip().toString())
                        .put("port", stop.candidate().port())
                        .put("probability", stop.candidate().probability())
                        .put("masquerade", stop.candidate().masquerade())
                        .put("pod", stop.pod().map(Object::toString).orElse("")));
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always written", e);
        }
    }
}
