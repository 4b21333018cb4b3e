package io.podnet.examples.manifest;

import io.podnet.api.PodnetException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A map's fields by type; each complaint has the field's path and line. Null counts as absent, as in Kubernetes. */
final class Fields {
    private final String path;
    private final Value.Mapping map;

    private Fields(String path, Value.Mapping map) {
        this.path = path;
        this.map = map;
    }

    static Fields of(String path, Value value) {
        if (value instanceof Value.Mapping mapping) {
            return new Fields(path, mapping);
        }
        throw new ManifestException(
                value.line(), (path.isEmpty() ? "the document" : path) + " must be a map, not " + value.kind());
    }

    int line() {
        return map.line();
    }

    Value value() {
        return map;
    }

    String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private @Nullable Value find(String key) {
        Value value = map.entries().get(key);
        return value instanceof Value.Scalar scalar && scalar.type() == Value.ScalarType.NULL ? null : value;
    }

    boolean has(String key) {
        return find(key) != null;
    }

    ManifestException error(String key, String complaint) {
        Value value = find(key);
        return new ManifestException(value == null ? line() : value.line(), pathOf(key) + ": " + complaint);
    }

    Optional<String> string(String key) {
        Value value = find(key);
        return value == null ? Optional.empty() : Optional.of(text(pathOf(key), value));
    }

    String requiredString(String key) {
        return string(key)
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> error(key, "is required and must not be empty"));
    }

    private static String text(String path, Value value) {
        if (value instanceof Value.Scalar scalar && scalar.type() == Value.ScalarType.STRING) {
            return scalar.text();
        }
        boolean quotable = value instanceof Value.Scalar;
        throw new ManifestException(
                value.line(),
                path + " must be a string, not " + value.kind()
                        + (quotable ? "; write \"" + ((Value.Scalar) value).text() + "\" with quotes" : ""));
    }

    OptionalInt integer(String key, int min, int max) {
        Value value = find(key);
        if (value == null) {
            return OptionalInt.empty();
        }
        String text = value instanceof Value.Scalar scalar && scalar.type() == Value.ScalarType.NUMBER
                ? scalar.text()
                : value.kind();
        try {
            int number = Integer.parseInt(text);
            if (number >= min && number <= max) {
                return OptionalInt.of(number);
            }
        } catch (NumberFormatException e) {
            throw (ManifestException) error(key, "must be a whole number in " + min + ".." + max + ", not " + text)
                    .initCause(e);
        }
        throw error(key, text + " is not in " + min + ".." + max);
    }

    boolean isTrue(String key) {
        return bool(key).orElse(false);
    }

    Optional<Boolean> bool(String key) {
        Value value = find(key);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof Value.Scalar scalar && scalar.type() == Value.ScalarType.BOOLEAN) {
            return Optional.of(Boolean.parseBoolean(scalar.text()));
        }
        throw error(key, "must be true or false, not " + value.kind());
    }

    /** Kubernetes' IntOrString, as text. */
    Optional<String> stringOrInteger(String key, int min, int max) {
        boolean number = find(key) instanceof Value.Scalar scalar && scalar.type() == Value.ScalarType.NUMBER;
        return number
                ? integer(key, min, max).stream().mapToObj(Integer::toString).findFirst()
                : string(key);
    }

    /** One of several words, each standing for something. */
    <T> Optional<T> oneOf(String key, Map<String, T> words) {
        return string(key).filter(text -> !text.isEmpty()).map(text -> {
            T meant = words.get(text);
            if (meant == null) {
                throw error(
                        key,
                        "'" + text + "' is not one of "
                                + String.join(
                                        ", ", words.keySet().stream().sorted().toList()));
            }
            return meant;
        });
    }

    Optional<Fields> object(String key) {
        Value value = find(key);
        return value == null ? Optional.empty() : Optional.of(of(pathOf(key), value));
    }

    private List<Value> items(String key) {
        Value value = find(key);
        if (value == null) {
            return List.of();
        }
        if (value instanceof Value.Sequence list) {
            return list.items();
        }
        throw error(key, "must be a list, not " + value.kind());
    }

    List<Fields> objects(String key) {
        return each(key, (at, value) -> of(at, value));
    }

    List<String> strings(String key) {
        return each(key, Fields::text);
    }

    private interface Item<T> {
        T read(String path, Value value);
    }

    private <T> List<T> each(String key, Item<T> item) {
        List<T> result = new ArrayList<>();
        for (Value value : items(key)) {
            result.add(item.read(pathOf(key) + "[" + result.size() + "]", value));
        }
        return result;
    }

    Map<String, String> stringMap(String key) {
        Map<String, String> result = new LinkedHashMap<>();
        object(key)
                .ifPresent(entries -> entries.map
                        .entries()
                        .forEach((name, value) -> result.put(name, text(entries.pathOf(name), value))));
        return result;
    }

    /** Reads a field by another room's grammar, whose complaint gets this field's path and line. */
    <T> Optional<T> parsed(String key, Function<String, T> grammar) {
        return string(key).filter(text -> !text.isEmpty()).map(text -> checked(key, () -> grammar.apply(text)));
    }

    /** Makes a value whose own checks may refuse it. */
    <T> T checked(String key, Supplier<T> maker) {
        try {
            return maker.get();
        } catch (PodnetException.Invalid e) {
            throw (ManifestException) error(key, String.valueOf(e.getMessage())).initCause(e);
        }
    }

    List<String> namesOutside(Set<String> known) {
        return map.entries().keySet().stream()
                .filter(name -> !known.contains(name) && has(name))
                .toList();
    }
}
