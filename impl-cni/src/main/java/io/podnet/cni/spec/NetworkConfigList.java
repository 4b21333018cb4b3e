package io.podnet.cni.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A network's configuration: SPEC.md section 1, read by libcni's rules.
 *
 * @param name the network's name
 * @param version the version in which plugins are called: the newest of {@code cniVersions} and {@code cniVersion} that
 *     Podnet speaks
 * @param disableCheck CHECK is not to be called
 * @param disableGc GC is not to be called
 * @param loadOnlyInlinedPlugins no further plugins come from files beside
 * @param plugins the chain; may be empty where further plugins come from files
 * @param json the whole object as it was written
 */
public record NetworkConfigList(
        String name,
        CniVersion version,
        boolean disableCheck,
        boolean disableGc,
        boolean loadOnlyInlinedPlugins,
        List<PluginConfig> plugins,
        JsonObject json) {
    private static final String PLUGINS = "plugins";

    public NetworkConfigList {
        CniNames.networkName(name);
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(json, "json");
        plugins = List.copyOf(plugins);
    }

    /**
     * Reads a list, the content of a {@code .conflist} file.
     *
     * @param json the object
     * @return the list
     * @throws CniException with code 7 where it is wrong, with code 1 where Podnet speaks none of its versions
     */
    public static NetworkConfigList read(JsonObject json) {
        String name = json.text("name")
                .orElseThrow(() -> new CniException(
                        CniError.INVALID_CONFIGURATION, "configuration list has no 'name'", CniNames.shown("" + json)));
        boolean onlyInlined = flag(json, "loadOnlyInlinedPlugins");
        boolean listed = !json.get(PLUGINS).isMissingNode();
        List<PluginConfig> plugins =
                json.objects(PLUGINS).stream().map(PluginConfig::read).toList();
        if (plugins.isEmpty() && (listed || onlyInlined)) {
            throw new CniException(
                    CniError.INVALID_CONFIGURATION,
                    "configuration list '" + CniNames.shown(name) + "' has no plugins",
                    "");
        }
        return new NetworkConfigList(
                name, version(json), flag(json, "disableCheck"), flag(json, "disableGC"), onlyInlined, plugins, json);
    }

    /**
     * Makes a list of one plugin, the content of a {@code .conf} or {@code .json} file.
     *
     * @param plugin the plugin's configuration, with the network's name and version in it
     * @return a list of it alone
     * @throws CniException with code 7 where it has no name
     */
    public static NetworkConfigList of(PluginConfig plugin) {
        JsonObject json = JsonObject.EMPTY
                .with("cniVersion", plugin.json().text("cniVersion").orElse(""))
                .with("name", plugin.json().text("name").orElse(""));
        var plugins = JsonObject.newNode().arrayNode().add(plugin.json().toNode());
        return read(json.with(PLUGINS, plugins));
    }

    /**
     * Adds plugins that come from files beside the list.
     *
     * @param more their configurations
     * @return a copy with a longer chain, in the object too, so that a cached copy has all of them
     */
    public NetworkConfigList withPlugins(List<PluginConfig> more) {
        if (more.isEmpty()) {
            return this;
        }
        List<PluginConfig> all = new ArrayList<>(plugins);
        all.addAll(more);
        var list = JsonObject.newNode().arrayNode();
        all.forEach(plugin -> list.add(plugin.json().toNode()));
        // What is written down is complete: read again, it must not take the files a second time.
        JsonObject complete = json.with(PLUGINS, list).with("loadOnlyInlinedPlugins", BooleanNode.TRUE);
        return new NetworkConfigList(name, version, disableCheck, disableGc, loadOnlyInlinedPlugins, all, complete);
    }

    private static CniVersion version(JsonObject json) {
        String single = json.text("cniVersion").orElse("");
        List<String> candidates = new ArrayList<>(json.texts("cniVersions"));
        if (candidates.isEmpty()) {
            return CniVersion.of(single);
        }
        if (!single.isEmpty()) {
            candidates.add(single);
        }
        for (String candidate : candidates) {
            if (!CniVersion.isWellFormed(candidate)) {
                throw new CniException(
                        CniError.INVALID_CONFIGURATION, "'" + CniNames.shown(candidate) + "' is no CNI version", "");
            }
        }
        return candidates.stream()
                .filter(candidate -> CniVersion.supported().contains(candidate))
                .map(CniVersion::of)
                .max(CniVersion::compareTo)
                .orElseGet(() -> CniVersion.of(String.join(", ", candidates)));
    }

    private static boolean flag(JsonObject json, String name) {
        JsonNode value = json.get(name);
        if (value.isTextual()) {
            String text = value.textValue().toLowerCase(Locale.ROOT);
            if (text.equals("true") || text.equals("false")) {
                return text.equals("true");
            }
        }
        return json.flag(name, false);
    }
}
