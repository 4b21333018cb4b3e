package io.podnet.spi;

import io.podnet.api.API;
import io.podnet.api.Names;
import java.util.Map;

/** Finds a {@link ClusterStore} by name. */
@API(status = API.Status.STABLE, since = "0.1")
public interface ClusterStoreProvider extends Provider {
    /**
     * What a store may know.
     *
     * @param cluster the cluster's name; stores of one cluster share their entries
     * @param nodeName the node that uses the store
     * @param options provider-specific settings by name; unknown ones are refused
     */
    record Context(String cluster, String nodeName, Map<String, String> options) {
        public Context {
            Names.dnsSubdomain("cluster name", cluster);
            Names.dnsSubdomain("node name", nodeName);
            options = Map.copyOf(options);
        }
    }

    /**
     * Makes a store. Settings are checked, the store is not waited for: a node starts and forwards without it.
     *
     * @param context everything the store may know
     * @return a store
     * @throws io.podnet.api.PodnetException.Invalid for settings that cannot work
     */
    ClusterStore create(Context context);
}
