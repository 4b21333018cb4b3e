package io.podnet.examples.manifest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Text to values: several YAML or JSON documents, with anchors, aliases and merge keys. A text that would grow beyond
 * {@link #MAX_VALUES} by its aliases is refused before anything walks it.
 */
final class DocumentReader {
    static final int MAX_CHARACTERS = 1 << 20;
    static final int MAX_DEPTH = 64;
    static final int MAX_VALUES = 50_000;

    private static final String MERGE = "<<";

    private final JsonParser parser;
    private final Map<String, Value> anchors = new HashMap<>();
    private int values;

    private DocumentReader(JsonParser parser) {
        this.parser = parser;
    }

    static List<Value> read(String text) {
        if (text.length() > MAX_CHARACTERS) {
            throw new ManifestException(1, "more than " + MAX_CHARACTERS + " characters; split it into several files");
        }
        String start = text.stripLeading();
        if (!start.startsWith("{") && !start.startsWith("[")) {
            return read(yaml(), text);
        }
        // JSON may have tabs and several values in a row, which YAML refuses; YAML's flow style looks like JSON.
        try {
            return read(new JsonFactory(), text);
        } catch (ManifestException notJson) {
            try {
                return read(yaml(), text);
            } catch (ManifestException notYaml) {
                notJson.addSuppressed(notYaml);
                throw notJson;
            }
        }
    }

    private static JsonFactory yaml() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_CHARACTERS);
        options.setNestingDepthLimit(MAX_DEPTH);
        return YAMLFactory.builder().loaderOptions(options).build();
    }

    private static List<Value> read(JsonFactory format, String text) {
        try (JsonParser parser = format.createParser(text)) {
            List<Value> documents = new ArrayList<>();
            DocumentReader reader = new DocumentReader(parser);
            while (parser.nextToken() != null) {
                Value document = reader.value(0);
                if (!(document instanceof Value.Scalar scalar && scalar.type() == Value.ScalarType.NULL)) {
                    documents.add(document);
                }
            }
            return documents;
        } catch (JsonProcessingException e) {
            throw malformed(e);
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    private static ManifestException malformed(JsonProcessingException e) {
        String reason = String.valueOf(e.getOriginalMessage());
        int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
                line = marked.getProblemMark().getLine() + 1;
                reason = (marked.getContext() == null ? "" : marked.getContext() + ", ") + marked.getProblem();
            }
        }
        String firstLine = reason.lines().map(String::strip).limit(1).collect(Collectors.joining());
        return new ManifestException(line, "not valid YAML or JSON: " + firstLine, e);
    }

    private int line() {
        return Math.max(1, parser.currentTokenLocation().getLineNr());
    }

    private Value value(int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new ManifestException(line(), "nested deeper than " + MAX_DEPTH + " levels");
        }
        JsonToken token = parser.currentToken();
        if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
            return counted(alias(), 0);
        }
        String anchor = anchor();
        Value value = switch (token) {
            case START_OBJECT -> mapping(depth);
            case START_ARRAY -> sequence(depth);
            case VALUE_STRING -> string();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> scalar(Value.ScalarType.NUMBER);
            case VALUE_TRUE, VALUE_FALSE -> scalar(Value.ScalarType.BOOLEAN);
            case VALUE_NULL -> counted(new Value.Scalar(Value.ScalarType.NULL, "", line()), 0);
            default -> throw new ManifestException(line(), "unexpected " + token);
        };
        if (anchor != null) {
            anchors.put(anchor, value);
        }
        return value;
    }

    private @Nullable String anchor() throws IOException {
        Object id = parser.canReadObjectId() ? parser.getObjectId() : null;
        return id == null ? null : id.toString();
    }

    private Value alias() throws IOException {
        Value target = anchors.get(parser.getText());
        if (target == null) {
            throw new ManifestException(line(), "alias *" + parser.getText() + " has no anchor before it");
        }
        return target;
    }

    /** Counts values as often as they would be walked. */
    private Value counted(Value value, int already) {
        values += value.size() - already;
        if (values > MAX_VALUES) {
            throw new ManifestException(value.line(), "more than " + MAX_VALUES + " values, aliases written out");
        }
        return value;
    }

    /** A plain scalar of no characters is null in YAML; a quoted one has its quotes' length. */
    private Value string() throws IOException {
        boolean absent = parser instanceof YAMLParser
                && parser.getText().isEmpty()
                && parser.currentTokenLocation().getCharOffset()
                        == parser.currentLocation().getCharOffset();
        return scalar(absent ? Value.ScalarType.NULL : Value.ScalarType.STRING);
    }

    private Value scalar(Value.ScalarType type) throws IOException {
        return counted(new Value.Scalar(type, parser.getText(), line()), 0);
    }

    private Value sequence(int depth) throws IOException {
        int line = line();
        int size = 1;
        List<Value> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Value item = value(depth + 1);
            items.add(item);
            size += item.size();
        }
        return counted(new Value.Sequence(items, line, size), size - 1);
    }

    private Value mapping(int depth) throws IOException {
        int line = line();
        int size = 1;
        Map<String, Value> entries = new LinkedHashMap<>();
        Map<String, Value> merged = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            int keyLine = line();
            parser.nextToken();
            Value value = value(depth + 1);
            size += value.size();
            if (key.equals(MERGE)) {
                merge(merged, value);
            } else if (entries.put(key, value) != null) {
                throw new ManifestException(keyLine, "key '" + key + "' is there twice; remove one");
            }
        }
        merged.forEach(entries::putIfAbsent);
        return counted(new Value.Mapping(entries, line, size), size - 1);
    }

    private static void merge(Map<String, Value> merged, Value value) {
        if (value instanceof Value.Mapping mapping) {
            mapping.entries().forEach(merged::putIfAbsent);
        } else if (value instanceof Value.Sequence list
                && list.items().stream().allMatch(Value.Mapping.class::isInstance)) {
            list.items().forEach(item -> merge(merged, item));
        } else {
            throw new ManifestException(value.line(), "'<<' merges a map, or a list of maps");
        }
    }
}
