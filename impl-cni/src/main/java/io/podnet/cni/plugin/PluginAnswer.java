package io.podnet.cni.plugin;

import io.podnet.cni.spec.CniError;
import io.podnet.cni.spec.CniVersion;
import io.podnet.cni.spec.JsonObject;

/**
 * What the plugin prints and how it ends.
 *
 * @param exitCode 0 for success
 * @param output the bytes for standard output; empty for nothing
 */
public record PluginAnswer(int exitCode, byte[] output) {
    static final PluginAnswer DONE = new PluginAnswer(0, new byte[0]);

    static PluginAnswer of(JsonObject json) {
        return new PluginAnswer(0, json.toBytes());
    }

    static PluginAnswer of(CniError error, CniVersion version) {
        return new PluginAnswer(1, error.toJson(version).toBytes());
    }

    /**
     * Tells whether the call was done.
     *
     * @return true for exit code 0
     */
    public boolean isDone() {
        return exitCode == 0;
    }
}
