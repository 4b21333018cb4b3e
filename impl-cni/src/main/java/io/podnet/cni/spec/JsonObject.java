package io.podnet.cni.spec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A JSON object that does not change. Fields keep their order and unknown ones stay, so that a configuration reaches a plugin
 * as its author wrote it. Nesting and size are bounded, since plugins print what they like.
 */
public final class JsonObject {
    /** An object without fields. */
    public static final JsonObject EMPTY = new JsonObject(newNode());

    private static final int DEEPEST = 64;
    private static final ObjectMapper MAPPER = mapper();

    private final ObjectNode node;

    private JsonObject(ObjectNode node) {
        this.node = node;
    }

    private static ObjectMapper mapper() {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                .build();
        return new ObjectMapper(factory)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    }

    /**
     * Makes a node to be filled and given to {@link #of}.
     *
     * @return an empty node
     */
    public static ObjectNode newNode() {
        return JsonNodeFactory.instance.objectNode();
    }

    /**
     * Makes an object of a node.
     *
     * @param node the fields; copied
     * @return the object
     */
    public static JsonObject of(ObjectNode node) {
        return new JsonObject(node.deepCopy());
    }

    /**
     * Reads an object.
     *
     * @param what what it is, for messages
     * @param bytes its text in UTF-8
     * @return the object
     * @throws CniException with code 6 where it is no JSON, no object, or nested deeper than 64
     */
    public static JsonObject parse(String what, byte[] bytes) {
        try {
            if (MAPPER.readTree(bytes) instanceof ObjectNode object) {
                return new JsonObject(object);
            }
            throw new CniException(
                    CniError.DECODING_FAILURE, what + " is no JSON object", bytes.length == 0 ? "it is empty" : "");
        } catch (IOException e) {
            String reason = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
            throw new CniException(
                    new CniError(CniError.DECODING_FAILURE, what + " is no JSON", CniNames.shown("" + reason)), e);
        }
    }

    /**
     * Reads an object.
     *
     * @param what what it is, for messages
     * @param text its text
     * @return the object
     * @throws CniException with code 6 where it is no JSON, no object, or nested deeper than 64
     */
    public static JsonObject parse(String what, String text) {
        return parse(what, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Gives a field.
     *
     * @param name the field
     * @return a copy of its value; a missing node where there is none, or where it is null
     */
    public JsonNode get(String name) {
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? MissingNode.getInstance() : value.deepCopy();
    }

    /**
     * Tells whether there is a field.
     *
     * @param name the field
     * @return true where it has a value, even null
     */
    public boolean has(String name) {
        return node.has(name);
    }

    /**
     * Gives a text field.
     *
     * @param name the field
     * @return its text; empty where it is missing
     * @throws CniException with code 7 where it is no text
     */
    public Optional<String> text(String name) {
        JsonNode value = get(name);
        if (!value.isMissingNode() && !value.isTextual()) {
            throw wrong(name, "a text", value);
        }
        return value.isMissingNode() ? Optional.empty() : Optional.of(value.textValue());
    }

    /**
     * Gives a field that is true or false.
     *
     * @param name the field
     * @param missing what it is where it is missing
     * @return its value
     * @throws CniException with code 7 where it is neither
     */
    public boolean flag(String name, boolean missing) {
        JsonNode value = get(name);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw wrong(name, "true or false", value);
        }
        return value.isMissingNode() ? missing : value.booleanValue();
    }

    /**
     * Gives a whole number.
     *
     * @param name the field
     * @param missing what it is where it is missing
     * @return its value
     * @throws CniException with code 7 where it is none
     */
    public long number(String name, long missing) {
        JsonNode value = get(name);
        if (!value.isMissingNode() && !(value.isIntegralNumber() && value.canConvertToLong())) {
            throw wrong(name, "a whole number", value);
        }
        return value.isMissingNode() ? missing : value.longValue();
    }

    /**
     * Gives an object in a field.
     *
     * @param name the field
     * @return the object; empty where it is missing
     * @throws CniException with code 7 where it is none
     */
    public Optional<JsonObject> object(String name) {
        JsonNode value = get(name);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (value instanceof ObjectNode object) {
            return Optional.of(new JsonObject(object));
        }
        throw wrong(name, "an object", value);
    }

    /**
     * Gives a list of objects.
     *
     * @param name the field
     * @return the objects; none where the field is missing
     * @throws CniException with code 7 where it is no list, or has something else in it
     */
    public List<JsonObject> objects(String name) {
        List<JsonObject> objects = new ArrayList<>();
        for (JsonNode element : elements(name)) {
            if (!(element instanceof ObjectNode object)) {
                throw wrong(name, "a list of objects", element);
            }
            objects.add(new JsonObject(object));
        }
        return List.copyOf(objects);
    }

    /**
     * Gives a list of texts.
     *
     * @param name the field
     * @return the texts; none where the field is missing
     * @throws CniException with code 7 where it is no list, or has something else in it
     */
    public List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : elements(name)) {
            if (!element.isTextual()) {
                throw wrong(name, "a list of texts", element);
            }
            texts.add(element.textValue());
        }
        return List.copyOf(texts);
    }

    private JsonNode elements(String name) {
        JsonNode value = get(name);
        if (!value.isMissingNode() && !value.isArray()) {
            throw wrong(name, "a list", value);
        }
        return value;
    }

    private static CniException wrong(String name, String expected, JsonNode value) {
        return new CniException(
                CniError.INVALID_CONFIGURATION,
                "field '" + name + "' is not " + expected,
                "it is " + CniNames.shown(value.toString()));
    }

    /**
     * Makes a copy with another value in a field.
     *
     * @param name the field
     * @param value its value
     * @return the copy
     */
    public JsonObject with(String name, JsonNode value) {
        ObjectNode copy = node.deepCopy();
        copy.set(name, value.deepCopy());
        return new JsonObject(copy);
    }

    /**
     * Makes a copy with a text in a field.
     *
     * @param name the field
     * @param value its text
     * @return the copy
     */
    public JsonObject with(String name, String value) {
        ObjectNode copy = node.deepCopy();
        copy.put(name, value);
        return new JsonObject(copy);
    }

    /**
     * Makes a copy with an object in a field.
     *
     * @param name the field
     * @param value the object
     * @return the copy
     */
    public JsonObject with(String name, JsonObject value) {
        return with(name, value.node);
    }

    /**
     * Makes a copy without a field.
     *
     * @param name the field
     * @return the copy
     */
    public JsonObject without(String name) {
        ObjectNode copy = node.deepCopy();
        copy.remove(name);
        return new JsonObject(copy);
    }

    /**
     * Lists the fields' names.
     *
     * @return the names, in order
     */
    public List<String> names() {
        return node.properties().stream().map(Map.Entry::getKey).toList();
    }

    /**
     * Gives the fields.
     *
     * @return a copy
     */
    public ObjectNode toNode() {
        return node.deepCopy();
    }

    /**
     * Writes the object.
     *
     * @return its text in UTF-8, without line breaks
     */
    public byte[] toBytes() {
        return toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Writes the object for people, as the reference implementation prints it.
     *
     * @return its text with four blanks of indentation
     */
    public String toPrettyString() {
        return JsonLayout.indented(MAPPER, node);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JsonObject json && node.equals(json.node);
    }

    @Override
    public int hashCode() {
        return node.hashCode();
    }

    /**
     * Writes the object.
     *
     * @return its text, without line breaks
     */
    @Override
    public String toString() {
        return node.toString();
    }
}
