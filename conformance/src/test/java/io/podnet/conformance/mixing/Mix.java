package io.podnet.conformance.mixing;

import io.podnet.spi.IpamProvider;
import io.podnet.spi.NameResolverProvider;
import io.podnet.spi.NetworkPluginProvider;
import io.podnet.spi.Provider;
import io.podnet.spi.Providers;
import io.podnet.spi.ServiceProxyProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A plugin, an Ipam, a proxy or none, a resolver or none, by their names. */
record Mix(String plugin, String ipam, Optional<String> proxy, Optional<String> resolver) {
    /** The providers of the tests beside this one, which are broken on purpose. */
    private static final String BROKEN = "broken";

    /** Options that a mix needs where a provider has no default for it, by «provider+provider» and by «provider». */
    private static final Map<String, Map<String, String>> PLUGIN_OPTIONS = Map.of(
            "overlay+cluster", Map.of("backend", "neighbour"),
            "overlay+host-local", Map.of("clusterCidr", "10.244.0.0/16"));

    private static final Map<String, Map<String, String>> IPAM_OPTIONS =
            Map.of("cluster", Map.of("blockSizeIpv4", "26"));

    static <P extends Provider> List<String> found(Class<P> type) {
        return Providers.discover(type, Mix.class.getClassLoader()).names().stream()
                .filter(name -> !name.equals(BROKEN))
                .toList();
    }

    private static <P extends Provider> List<Optional<String>> foundAndNone(Class<P> type) {
        List<Optional<String>> all = new ArrayList<>(List.of(Optional.empty()));
        found(type).forEach(name -> all.add(Optional.of(name)));
        return all;
    }

    /** All mixes of what ServiceLoader finds. */
    static List<Mix> all() {
        List<Mix> all = new ArrayList<>();
        for (String plugin : found(NetworkPluginProvider.class)) {
            for (String ipam : found(IpamProvider.class)) {
                for (Optional<String> proxy : foundAndNone(ServiceProxyProvider.class)) {
                    for (Optional<String> resolver : foundAndNone(NameResolverProvider.class)) {
                        all.add(new Mix(plugin, ipam, proxy, resolver));
                    }
                }
            }
        }
        return all;
    }

    Map<String, String> pluginOptions() {
        return PLUGIN_OPTIONS.getOrDefault(plugin + "+" + ipam, PLUGIN_OPTIONS.getOrDefault(plugin, Map.of()));
    }

    Map<String, String> ipamOptions() {
        return IPAM_OPTIONS.getOrDefault(ipam, Map.of());
    }

    /** Whether a part is of a cluster, and so needs a store. */
    boolean needsStore() {
        return ipam.equals("cluster") || plugin.equals("overlay");
    }

    @Override
    public String toString() {
        return plugin + " x " + ipam + " x " + proxy.orElse("no proxy") + " x " + resolver.orElse("no resolver");
    }
}
