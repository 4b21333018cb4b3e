package io.podnet.cluster;

import io.podnet.api.EndpointSlice;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.PodId;
import io.podnet.api.PodnetException;
import io.podnet.api.Protocol;
import io.podnet.api.ServiceId;
import io.podnet.record.RecordKeys;
import io.podnet.spi.ClusterStore.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** The text of a slice's entry: an endpoint is a line, so that a hundred of them fit into an entry. */
final class SliceText {
    private static final String VERSION = "1";
    private static final String NONE = "-";
    private static final int WORDS = 9;

    private SliceText() {}

    /** Who made it by hand; nodes' own need no owner. */
    record Owned(EndpointSlice slice, String owner) {}

    static String write(EndpointSlice slice, String owner) {
        Map<String, String> keys = new TreeMap<>();
        keys.put("version", VERSION);
        keys.put("owner", owner);
        keys.put("namespace", slice.service().namespace());
        keys.put("service", slice.service().name());
        keys.put("name", slice.name());
        keys.put("addressType", slice.addressType().name());
        for (int i = 0; i < slice.ports().size(); i++) {
            EndpointSlice.Port port = slice.ports().get(i);
            keys.put(
                    "port." + i,
                    port.protocol() + " "
                            + (port.port().isPresent() ? port.port().getAsInt() : NONE)
                            + (port.name().isEmpty() ? "" : " " + port.name()));
        }
        for (int i = 0; i < slice.endpoints().size(); i++) {
            keys.put("endpoint." + i, line(slice.endpoints().get(i)));
        }
        return RecordKeys.write(keys);
    }

    private static String line(EndpointSlice.Endpoint endpoint) {
        String conditions =
                (endpoint.ready() ? "r" : "") + (endpoint.serving() ? "s" : "") + (endpoint.terminating() ? "t" : "");
        return String.join(
                " ",
                list(endpoint.addresses()),
                conditions.isEmpty() ? NONE : conditions,
                endpoint.hostname().orElse(NONE),
                endpoint.nodeName().map(SliceText::word).orElse(NONE),
                endpoint.zone().map(SliceText::word).orElse(NONE),
                list(endpoint.hintNodes().stream().map(SliceText::word).toList()),
                list(endpoint.hintZones().stream().map(SliceText::word).toList()),
                endpoint.target().map(PodId::namespace).orElse(NONE),
                endpoint.target().map(PodId::name).orElse(NONE));
    }

    /** What Kubernetes lets a node or zone be called has neither blanks nor commas. */
    private static String word(String text) {
        if (!text.matches("[^\\s,]+") || text.equals(NONE)) {
            throw new PodnetException.Invalid("'" + text + "' of an endpoint is no node's and no zone's name");
        }
        return text;
    }

    private static String list(List<?> values) {
        return values.isEmpty()
                ? NONE
                : String.join(",", values.stream().map(Object::toString).toList());
    }

    static Owned read(Entry entry) {
        RecordKeys keys = new RecordKeys("store entry " + entry.key(), entry.value());
        keys.requireVersion(VERSION);
        try {
            List<EndpointSlice.Port> ports = new ArrayList<>();
            for (String line : keys.numbered("port.")) {
                List<String> words = RecordKeys.words(line);
                ports.add(new EndpointSlice.Port(
                        words.size() > 2 ? words.get(2) : "",
                        Protocol.valueOf(words.get(0)),
                        words.get(1).equals(NONE)
                                ? OptionalInt.empty()
                                : OptionalInt.of(Integer.parseInt(words.get(1)))));
            }
            List<EndpointSlice.Endpoint> endpoints =
                    keys.numbered("endpoint.").stream().map(SliceText::endpoint).toList();
            return new Owned(
                    new EndpointSlice(
                            keys.get("name"),
                            new ServiceId(keys.get("namespace"), keys.get("service")),
                            IpFamily.valueOf(keys.get("addressType")),
                            endpoints,
                            ports),
                    keys.get("owner"));
        } catch (RuntimeException e) {
            throw keys.damaged(e);
        }
    }

    private static EndpointSlice.Endpoint endpoint(String line) {
        List<String> words = RecordKeys.words(line);
        if (words.size() != WORDS) {
            throw new IllegalArgumentException("endpoint '" + line + "' has not " + WORDS + " words");
        }
        String conditions = words.get(1);
        return new EndpointSlice.Endpoint(
                list(words.get(0)).stream().map(IpAddress::parse).toList(),
                conditions.contains("r"),
                conditions.contains("s"),
                conditions.contains("t"),
                optional(words.get(2)),
                optional(words.get(3)),
                optional(words.get(4)),
                list(words.get(5)),
                list(words.get(6)),
                optional(words.get(7)).map(namespace -> new PodId(namespace, words.get(8))));
    }

    private static Optional<String> optional(String word) {
        return word.equals(NONE) ? Optional.empty() : Optional.of(word);
    }

    private static List<String> list(String word) {
        return word.equals(NONE) ? List.of() : List.of(word.split(",", -1));
    }
}
