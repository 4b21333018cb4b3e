package io.podnet.cni.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * What a plugin prints on standard output where it fails (SPEC.md, "Error").
 *
 * @param code one of the specification's codes below 100, or a plugin's own
 * @param message what happened, short
 * @param details more of it, empty where there is none
 */
public record CniError(int code, String message, String details) {
    /** The plugin does not speak the version asked for. */
    public static final int INCOMPATIBLE_VERSION = 1;

    /** A field of the configuration is not supported; the message names it. */
    public static final int UNSUPPORTED_FIELD = 2;

    /** The container is unknown or gone; the runtime need not clean up. */
    public static final int UNKNOWN_CONTAINER = 3;

    /** A variable of the environment is missing or wrong; the message names it. */
    public static final int INVALID_ENVIRONMENT = 4;

    /** Reading or writing failed. */
    public static final int IO_FAILURE = 5;

    /** Content could not be decoded. */
    public static final int DECODING_FAILURE = 6;

    /** The configuration is wrong. */
    public static final int INVALID_CONFIGURATION = 7;

    /** The namespace is wrong; used by the reference skeleton, not in the specification's table. */
    public static final int INVALID_NAMESPACE = 8;

    /** Try again later: what is in the way will go away. */
    public static final int TRY_AGAIN_LATER = 11;

    /** STATUS: ADD cannot be served. */
    public static final int NOT_AVAILABLE = 50;

    /** STATUS: ADD cannot be served, and existing containers may have limited connectivity. */
    public static final int LIMITED_CONNECTIVITY = 51;

    /** The first code that a plugin may define for itself. */
    public static final int PLUGIN_SPECIFIC = 100;

    /** An internal error, as the reference skeleton reports it. */
    public static final int INTERNAL = 999;

    /**
     * Reads an error. Fields of the wrong kind are read as far as they make sense, since a broken report of an error must not
     * hide it.
     *
     * @param json what the plugin printed
     * @return the error; empty where the object has neither code nor message, so that it is none
     */
    public static Optional<CniError> read(JsonObject json) {
        JsonNode code = json.get("code");
        JsonNode message = json.get("msg");
        if (!code.isNumber() && !message.isTextual()) {
            return Optional.empty();
        }
        return Optional.of(new CniError(
                code.asInt(0), message.asText(""), json.get("details").asText("")));
    }

    /**
     * Writes the error.
     *
     * @param version the version to name, which is the configuration's
     * @return the object for standard output
     */
    public JsonObject toJson(CniVersion version) {
        ObjectNode json = JsonObject.newNode();
        json.put("cniVersion", version.toString());
        json.put("code", code);
        json.put("msg", message);
        if (!details.isEmpty()) {
            json.put("details", details);
        }
        return JsonObject.of(json);
    }

    /**
     * Writes the error for people.
     *
     * @return message, details and code
     */
    @Override
    public String toString() {
        return message + (details.isEmpty() ? "" : "; " + details) + " (CNI code " + code + ")";
    }
}
