package io.podnet.examples.manifest;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A piece of YAML or JSON that remembers its line. */
sealed interface Value {
    /** The line it begins in, from 1. */
    int line();

    /** How many values it is made of, aliases written out. */
    int size();

    /** What a person calls it. */
    String kind();

    /** What the text of a scalar stands for. */
    enum ScalarType {
        /** Text, quoted or not. */
        STRING("a string"),
        /** A number, in any spelling YAML has. */
        NUMBER("a number"),
        /** True or false. */
        BOOLEAN("true or false"),
        /** Nothing: counts as absent. */
        NULL("null");

        private final String words;

        ScalarType(String words) {
            this.words = words;
        }
    }

    /** A single value. */
    record Scalar(ScalarType type, String text, int line) implements Value {
        @Override
        public int size() {
            return 1;
        }

        @Override
        public String kind() {
            return type.words;
        }
    }

    /** A list. */
    record Sequence(List<Value> items, int line, int size) implements Value {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /** A map, in the order of the text. */
    record Mapping(Map<String, Value> entries, int line, int size) implements Value {
        public Mapping {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        @Override
        public String kind() {
            return "a map";
        }
    }
}
