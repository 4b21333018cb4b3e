package io.podnet.cni.plugin;

import io.podnet.api.PodnetException;
import io.podnet.cni.spec.CniError;
import io.podnet.cni.spec.CniVersion;
import io.podnet.cni.spec.JsonObject;

/**
 * What the plugin prints and how it ends.
 *
 * @param exitCode 0 for success
 * @param output the text for standard output; empty for nothing
 * @param errorCode CNI's code of what went wrong, 0 where nothing did
 */
public record PluginAnswer(int exitCode, String output, int errorCode) {
    static final PluginAnswer DONE = new PluginAnswer(0, "", 0);

    static PluginAnswer of(JsonObject json) {
        return new PluginAnswer(0, json.toString(), 0);
    }

    /**
     * Makes the answer to a call that could not even be looked at.
     *
     * @param cause what went wrong
     * @return its message with a code of CNI
     */
    public static PluginAnswer of(PodnetException cause) {
        return of(Errors.of(cause), CniVersion.NEWEST);
    }

    static PluginAnswer of(CniError error, CniVersion version) {
        return new PluginAnswer(1, error.toJson(version).toString(), error.code());
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
