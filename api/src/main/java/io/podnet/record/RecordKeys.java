package io.podnet.record;

import io.podnet.api.PodnetException;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A record as keys and values: a {@link Properties} file with sorted keys, so that this room needs no JSON library and a
 * person can read it. The last line is {@code end=1}: a text without it was cut short. Complaints name where it is.
 */
public final class RecordKeys {
    private static final String END = "end=1\n";

    private final String where;
    private final Properties properties = new Properties();

    /**
     * Reads a record.
     *
     * @param where what it is and where, for messages: {@code record /a/file}
     * @param text its text
     * @throws PodnetException.StateFailure where it is no such text
     */
    public RecordKeys(String where, String text) {
        this.where = where;
        try {
            properties.load(new StringReader(text));
        } catch (IOException | IllegalArgumentException e) {
            throw damaged(e);
        }
    }

    /**
     * Writes a record.
     *
     * @param keys keys and values
     * @return the text, sorted by key
     */
    public static String write(Map<String, String> keys) {
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

    /**
     * Reads a text that must be whole.
     *
     * @param where what it is, for complaints
     * @param text the text
     * @return its keys
     * @throws PodnetException.StateFailure where its end is missing
     */
    public static RecordKeys whole(String where, String text) {
        if (!text.endsWith("\n" + END)) {
            throw new PodnetException.StateFailure(where + " is damaged: its last line, end=1, is missing", null);
        }
        return new RecordKeys(where, text);
    }

    /**
     * Writes several values that have no blank in them.
     *
     * @param values the values
     * @return a line
     */
    public static String join(List<?> values) {
        return String.join(" ", values.stream().map(Object::toString).toList());
    }

    /**
     * Reads what {@link #join} wrote.
     *
     * @param line the line
     * @return the values as texts
     */
    public static List<String> words(String line) {
        return line.isEmpty() ? List.of() : List.of(line.split(" "));
    }

    /**
     * Refuses another version.
     *
     * @param version the one that can be read
     * @throws PodnetException.StateFailure where it is another
     */
    public void requireVersion(String version) {
        if (!get("version").equals(version)) {
            throw new PodnetException.StateFailure(
                    where + " has version " + get("version") + ", this Podnet reads " + version, null);
        }
    }

    /**
     * Says that the record cannot be understood.
     *
     * @param cause why
     * @return to be thrown
     */
    public PodnetException damaged(Exception cause) {
        return new PodnetException.StateFailure(where + " is damaged: " + cause.getMessage(), cause);
    }

    /**
     * Finds a value.
     *
     * @param key its key
     * @return the value; null where there is none
     */
    public @Nullable String find(String key) {
        return properties.getProperty(key);
    }

    /**
     * Gives a value.
     *
     * @param key its key
     * @return the value
     * @throws PodnetException.StateFailure where there is none
     */
    public String get(String key) {
        String value = find(key);
        if (value == null) {
            throw new PodnetException.StateFailure(where + " has no '" + key + "'", null);
        }
        return value;
    }

    /**
     * Gives the values of numbered keys, from 0 up to the first that is missing.
     *
     * @param prefix what their keys have before the number
     * @return the values in order
     */
    public List<String> numbered(String prefix) {
        List<String> values = new ArrayList<>();
        for (int i = 0; ; i++) {
            String value = find(prefix + i);
            if (value == null) {
                return values;
            }
            values.add(value);
        }
    }

    /**
     * Gives the values whose keys begin with a prefix.
     *
     * @param prefix the prefix
     * @return the values, by the rest of their keys
     */
    public Map<String, String> prefixed(String prefix) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String key : properties.stringPropertyNames()) {
            if (key.startsWith(prefix)) {
                values.put(key.substring(prefix.length()), get(key));
            }
        }
        return values;
    }
}
