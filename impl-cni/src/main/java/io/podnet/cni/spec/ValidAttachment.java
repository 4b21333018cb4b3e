package io.podnet.cni.spec;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * An attachment that GC must leave alone.
 *
 * @param containerId the container
 * @param ifName the interface's name in it
 */
public record ValidAttachment(String containerId, String ifName) {
    /** The field's name since the specification was corrected (containernetworking/cni #1101). */
    public static final String FIELD = "cni.dev/valid-attachments";

    /** The field's name before. */
    public static final String OLD_FIELD = "cni.dev/attachments";

    /**
     * Reads the valid attachments of a configuration. Missing is not the same as none: with none everything goes.
     *
     * @param config a plugin's configuration
     * @return the attachments
     * @throws CniException with code 7 where both fields are missing, or one is no list of attachments
     */
    public static Set<ValidAttachment> read(JsonObject config) {
        String field = config.has(FIELD) ? FIELD : OLD_FIELD;
        if (config.get(field).isMissingNode()) {
            throw new CniException(
                    CniError.INVALID_CONFIGURATION,
                    "GC without '" + FIELD + "'",
                    "an empty list removes everything; a missing one is taken for a mistake");
        }
        Set<ValidAttachment> valid = new LinkedHashSet<>();
        for (JsonObject one : config.objects(field)) {
            valid.add(new ValidAttachment(
                    one.text("containerID").orElse(""), one.text("ifname").orElse("")));
        }
        return valid;
    }

    /**
     * Adds the valid attachments to a configuration, under both names.
     *
     * @param config a plugin's configuration
     * @param valid the attachments
     * @return the configuration with them
     */
    public static JsonObject write(JsonObject config, Collection<ValidAttachment> valid) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (ValidAttachment one : List.copyOf(valid)) {
            list.addObject().put("containerID", one.containerId).put("ifname", one.ifName);
        }
        return config.with(FIELD, list).with(OLD_FIELD, list);
    }
}
