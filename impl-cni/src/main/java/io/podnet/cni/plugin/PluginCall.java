package io.podnet.cni.plugin;

import io.podnet.cni.spec.CniEnvironment;
import java.util.Map;
import java.util.OptionalInt;

/**
 * One call of the plugin, as a runtime makes it.
 *
 * @param variables the caller's {@code CNI_*} environment variables
 * @param config what the runtime wrote to standard input
 * @param callerNamespace a descriptor of the network namespace that the caller is in; empty where that is this process's.
 *     The caller's to close, opened with O_PATH or for real
 * @param podNamespace a descriptor of what {@code CNI_NETNS} leads to, seen from the caller; empty where it leads nowhere
 */
public record PluginCall(
        Map<String, String> variables, String config, OptionalInt callerNamespace, OptionalInt podNamespace) {
    public PluginCall {
        variables = Map.copyOf(variables);
    }

    /**
     * Reads the variables.
     *
     * @return what they say
     * @throws io.podnet.cni.spec.CniException where one is missing or wrong
     */
    CniEnvironment environment() {
        return CniEnvironment.read(variables);
    }
}
