package io.podnet.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A node's settings for names, as {@link PodnetBuilder} collected them.
 *
 * @param resolver the resolver's name; without one nobody answers
 * @param upstreams servers for other names; empty for those of the node's resolv.conf
 * @param resolverOptions the resolver's own settings
 */
record NameSettings(Optional<String> resolver, List<IpAddress> upstreams, Map<String, String> resolverOptions) {
    void check() {
        if (resolver.isEmpty() && !resolverOptions.isEmpty()) {
            throw new PodnetException.Invalid("options of the name resolver " + resolverOptions.keySet()
                    + " are set, but no resolver is chosen; choose one, for example nameResolver(\"dns\")");
        }
    }
}
