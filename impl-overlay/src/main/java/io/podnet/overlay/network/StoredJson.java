package io.podnet.overlay.network;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podnet.api.PodnetException;
import io.podnet.spi.ClusterStore.Entry;
import io.podnet.spi.StoreKey;

/**
 * An entry's JSON object. Who rewrites an entry starts from what was read, so that fields it does not know stay.
 *
 * @param key the entry's key, for messages
 * @param object its fields
 */
public record StoredJson(StoreKey key, ObjectNode object) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /**
     * Reads an entry.
     *
     * @param entry the entry
     * @return its object
     * @throws PodnetException.StateFailure where it is none
     */
    public static StoredJson of(Entry entry) {
        try {
            if (MAPPER.readTree(entry.value()) instanceof ObjectNode object) {
                return new StoredJson(entry.key(), object);
            }
            throw new PodnetException.StateFailure("store entry " + entry.key() + " is no JSON object", null);
        } catch (JsonProcessingException e) {
            throw new PodnetException.StateFailure("store entry " + entry.key() + " is no JSON", e);
        }
    }

    /**
     * Makes an empty object.
     *
     * @return an object without fields
     */
    public static ObjectNode empty() {
        return MAPPER.createObjectNode();
    }

    /**
     * Gives a text field.
     *
     * @param name the field
     * @return its text
     * @throws PodnetException.StateFailure where it is missing or no text
     */
    public String text(String name) {
        JsonNode field = object.get(name);
        if (field == null || !field.isTextual()) {
            throw broken(name, "no text");
        }
        return field.textValue();
    }

    /**
     * Gives a number field.
     *
     * @param name the field
     * @return its number
     * @throws PodnetException.StateFailure where it is missing or no whole number
     */
    public long number(String name) {
        JsonNode field = object.get(name);
        if (field == null || !field.canConvertToLong() || !field.isIntegralNumber()) {
            throw broken(name, "no whole number");
        }
        return field.longValue();
    }

    /**
     * Says that a field cannot be used.
     *
     * @param name the field
     * @param why what it is
     * @return to be thrown
     */
    public PodnetException.StateFailure broken(String name, String why) {
        return new PodnetException.StateFailure("field '" + name + "' of store entry " + key + " is " + why, null);
    }
}
