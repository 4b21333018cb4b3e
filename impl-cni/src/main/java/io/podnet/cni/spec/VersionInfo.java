package io.podnet.cni.spec;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What a plugin answers to VERSION.
 *
 * @param cniVersion the version of the answer
 * @param supportedVersions the versions that the plugin speaks; may have some that Podnet does not know
 */
public record VersionInfo(String cniVersion, List<String> supportedVersions) {
    /** What a plugin of the time before VERSION supports. */
    public static final VersionInfo BEFORE_VERSION = new VersionInfo("0.1.0", List.of("0.1.0"));

    public VersionInfo {
        supportedVersions = List.copyOf(supportedVersions);
    }

    /**
     * Reads the answer.
     *
     * @param json what the plugin printed
     * @return the versions
     * @throws CniException with code 6 where the answer lacks them
     */
    public static VersionInfo read(JsonObject json) {
        String version = json.text("cniVersion").orElse("");
        List<String> supported = json.texts("supportedVersions");
        if (version.equals("0.2.0") && supported.isEmpty()) {
            supported = List.of("0.1.0", "0.2.0");
        }
        if (version.isEmpty() || supported.isEmpty()) {
            throw new CniException(
                    CniError.DECODING_FAILURE,
                    "answer to VERSION without cniVersion or supportedVersions",
                    CniNames.shown(json.toString()));
        }
        return new VersionInfo(version, supported);
    }

    /**
     * Tells whether a version is among them.
     *
     * @param version the version
     * @return true where the plugin speaks it
     */
    public boolean supports(CniVersion version) {
        return supportedVersions.contains(version.toString());
    }

    /**
     * Writes the answer.
     *
     * @return the object for standard output
     */
    public JsonObject toJson() {
        ObjectNode json = JsonObject.newNode();
        json.put("cniVersion", cniVersion);
        ArrayNode versions = json.putArray("supportedVersions");
        supportedVersions.forEach(versions::add);
        return JsonObject.of(json);
    }
}
