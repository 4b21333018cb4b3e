package io.podnet.cni.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podnet.cni.spec.CniArgs;
import io.podnet.cni.spec.CniError;
import io.podnet.cni.spec.CniException;
import io.podnet.cni.spec.CniNames;
import io.podnet.cni.spec.CniResult;
import io.podnet.cni.spec.CniVersion;
import io.podnet.cni.spec.JsonObject;
import io.podnet.cni.spec.NetworkConfigList;
import io.podnet.cni.spec.RuntimeConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is kept of an attachment from before its ADD until its DEL: libcni's {@code cachedInfo} of kind {@code cniCacheV1}.
 *
 * @param network the network's name
 * @param attachment the attachment
 * @param config the configuration list that it was added with
 * @param result the result of ADD; empty while ADD is under way, or where it did not come to an end
 */
public record CachedAttachment(String network, Attachment attachment, JsonObject config, Optional<CniResult> result) {
    private static final String KIND = "cniCacheV1";

    /**
     * Reads the configuration list.
     *
     * @return the list
     * @throws CniException where it cannot be read
     */
    public NetworkConfigList list() {
        if (config.has("plugins")) {
            return NetworkConfigList.read(config);
        }
        // libcni's calls for a single plugin keep its own configuration.
        return NetworkConfigList.of(io.podnet.cni.spec.PluginConfig.read(config));
    }

    /**
     * Adds the result.
     *
     * @param of ADD's result
     * @return a copy
     */
    CachedAttachment with(CniResult of) {
        return new CachedAttachment(network, attachment, config, Optional.of(of));
    }

    JsonObject toJson() {
        ObjectNode json = JsonObject.newNode();
        json.put("kind", KIND);
        json.put("containerId", attachment.containerId());
        json.put("config", config.toBytes());
        json.put("ifName", attachment.ifName());
        json.put("networkName", network);
        if (!attachment.netns().isEmpty()) {
            json.put("netns", attachment.netns());
        }
        if (!attachment.args().values().isEmpty()) {
            ArrayNode args = json.putArray("cniArgs");
            attachment
                    .args()
                    .values()
                    .forEach((key, value) -> args.addArray().add(key).add(value));
        }
        if (!attachment.capabilityArgs().json().names().isEmpty()) {
            json.set("capabilityArgs", attachment.capabilityArgs().json().toNode());
        }
        result.ifPresent(of -> json.set("result", of.toJson().toNode()));
        return JsonObject.of(json);
    }

    /**
     * Reads an entry, of this program's or of libcni's.
     *
     * @throws CniException where it is none
     */
    static CachedAttachment read(JsonObject json) {
        if (!json.text("kind").orElse("").equals(KIND)) {
            throw new CniException(CniError.DECODING_FAILURE, "cache entry is not of kind " + KIND, "");
        }
        Attachment attachment = new Attachment(
                json.text("containerId").orElse(""),
                json.text("netns").orElse(""),
                json.text("ifName").orElse(""),
                args(json.get("cniArgs")),
                json.object("capabilityArgs").map(RuntimeConfig::new).orElse(RuntimeConfig.EMPTY));
        return new CachedAttachment(
                CniNames.networkName(json.text("networkName").orElse("")),
                attachment,
                JsonObject.parse("cached configuration", bytes(json.get("config"))),
                json.object("result").flatMap(CachedAttachment::result));
    }

    private static byte[] bytes(JsonNode base64) {
        try {
            return base64.isTextual() ? base64.binaryValue() : new byte[0];
        } catch (java.io.IOException e) {
            throw new CniException(
                    new CniError(CniError.DECODING_FAILURE, "cached configuration is not in base64", ""), e);
        }
    }

    /** A result that cannot be read is none: DEL goes on without, as with libcni. */
    private static Optional<CniResult> result(JsonObject json) {
        try {
            return Optional.of(CniResult.read(json, CniVersion.V0_1_0));
        } catch (CniException e) {
            return Optional.empty();
        }
    }

    private static CniArgs args(JsonNode pairs) {
        Map<String, String> values = new LinkedHashMap<>();
        for (JsonNode pair : pairs) {
            values.put(pair.path(0).asText(""), pair.path(1).asText(""));
        }
        return new CniArgs(values);
    }
}
