package io.podnet.api;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A record as keys and values: a {@link Properties} file with sorted keys, so that this room needs no JSON library and a
 * person can read it. The last line is {@code end=1}: a file without it was torn by a crash. Complaints name the file.
 */
final class RecordKeys {
    private static final String END = "end=1\n";

    private final Path file;
    private final Properties properties = new Properties();

    RecordKeys(Path file, String text) {
        this.file = file;
        try {
            properties.load(new StringReader(text));
        } catch (IOException | IllegalArgumentException e) {
            throw damaged(e);
        }
    }

    static String write(Map<String, String> keys) {
        StringBuilder text = new StringBuilder(512);
        new TreeMap<>(keys).forEach((key, value) -> {
            escape(key, text);
            text.append('=');
            escape(value, text);
            text.append('\n');
        });
        return text.append(END).toString();
    }

    private static void escape(String raw, StringBuilder text) {
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            switch (c) {
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                case '\\', '=', ':', '#', '!', ' ' -> text.append('\\').append(c);
                default -> text.append(c);
            }
        }
    }

    static boolean isTorn(String text) {
        return !text.endsWith("\n" + END);
    }

    static String join(List<?> values) {
        return String.join(" ", values.stream().map(Object::toString).toList());
    }

    static List<String> words(String line) {
        return line.isEmpty() ? List.of() : List.of(line.split(" "));
    }

    void requireVersion(String version) {
        if (!get("version").equals(version)) {
            throw new PodnetException.StateFailure(
                    "record " + file + " has version " + get("version") + ", this Podnet reads " + version, null);
        }
    }

    PodnetException damaged(Exception cause) {
        return new PodnetException.StateFailure("record " + file + " is damaged: " + cause.getMessage(), cause);
    }

    @Nullable
    String find(String key) {
        return properties.getProperty(key);
    }

    String get(String key) {
        String value = find(key);
        if (value == null) {
            throw new PodnetException.StateFailure("record " + file + " has no '" + key + "'", null);
        }
        return value;
    }

    List<String> numbered(String prefix) {
        List<String> values = new ArrayList<>();
        for (int i = 0; ; i++) {
            String value = find(prefix + i);
            if (value == null) {
                return values;
            }
            values.add(value);
        }
    }

    Map<String, String> prefixed(String prefix) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String key : properties.stringPropertyNames()) {
            if (key.startsWith(prefix)) {
                values.put(key.substring(prefix.length()), get(key));
            }
        }
        return values;
    }
}
