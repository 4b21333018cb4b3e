package io.podnet.examples.manifest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** One text for all spellings of the same manifest: sorted keys, no comments, no nulls, no aliases. */
final class CanonicalJson {
    private CanonicalJson() {}

    static String write(Value value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            write(value, json);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return text.toString();
    }

    private static void write(Value value, JsonGenerator json) throws IOException {
        if (value instanceof Value.Mapping mapping) {
            json.writeStartObject();
            for (Map.Entry<String, Value> entry : new TreeMap<>(mapping.entries()).entrySet()) {
                if (!(entry.getValue() instanceof Value.Scalar scalar && scalar.type() == Value.ScalarType.NULL)) {
                    json.writeFieldName(entry.getKey());
                    write(entry.getValue(), json);
                }
            }
            json.writeEndObject();
        } else if (value instanceof Value.Sequence list) {
            json.writeStartArray();
            for (Value item : list.items()) {
                write(item, json);
            }
            json.writeEndArray();
        } else if (value instanceof Value.Scalar scalar) {
            write(scalar, json);
        }
    }

    private static void write(Value.Scalar scalar, JsonGenerator json) throws IOException {
        switch (scalar.type()) {
            case STRING -> json.writeString(scalar.text());
            case BOOLEAN -> json.writeBoolean(Boolean.parseBoolean(scalar.text()));
            case NULL -> json.writeNull();
            case NUMBER -> {
                // YAML's other spellings (0x1F, 1_000, .inf) are no JSON numbers and mean nothing in a pod.
                if (scalar.text().matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?")) {
                    json.writeNumber(scalar.text());
                } else {
                    json.writeString(scalar.text());
                }
            }
        }
    }

    static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
