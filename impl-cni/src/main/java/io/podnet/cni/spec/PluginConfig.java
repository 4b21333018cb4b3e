package io.podnet.cni.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A plugin's configuration: an element of a list's {@code plugins}, a whole file of the old kind, or what a plugin reads from
 * standard input. Fields that are not known here stay in the object.
 *
 * @param type the plugin's executable
 * @param json the whole object
 */
public record PluginConfig(String type, JsonObject json) {
    private static final String NAME = "name";
    private static final String VERSION = "cniVersion";
    private static final String PREV_RESULT = "prevResult";
    private static final String RUNTIME_CONFIG = "runtimeConfig";
    private static final String CAPABILITIES = "capabilities";

    public PluginConfig {
        CniNames.pluginType(type);
        Objects.requireNonNull(json, "json");
    }

    /**
     * Reads a configuration.
     *
     * @param json the object
     * @return the configuration
     * @throws CniException with code 7 where it has no type, or a field of the wrong kind
     */
    public static PluginConfig read(JsonObject json) {
        String type = json.text("type").orElse("");
        if (type.isEmpty()) {
            throw new CniException(
                    CniError.INVALID_CONFIGURATION, "plugin configuration has no 'type'", CniNames.shown("" + json));
        }
        PluginConfig config = new PluginConfig(type, json);
        config.capabilities();
        config.ipamType().ifPresent(CniNames::pluginType);
        return config;
    }

    /**
     * Gives the network's name.
     *
     * @return {@code name}; empty where there is none, as inside a list
     * @throws CniException with code 7 where it is against the grammar
     */
    public Optional<String> name() {
        return json.text(NAME).map(CniNames::networkName);
    }

    /**
     * Gives the version in which to answer.
     *
     * @return {@code cniVersion}, 0.1.0 where there is none
     * @throws CniException with code 1 where it is not supported
     */
    public CniVersion version() {
        return CniVersion.of(json.text(VERSION).orElse(""));
    }

    /**
     * Gives the capabilities that the plugin wants to be told of.
     *
     * @return the names whose value is true
     * @throws CniException with code 7 where one is neither true nor false
     */
    public List<String> capabilities() {
        JsonObject declared = json.object(CAPABILITIES).orElse(JsonObject.EMPTY);
        List<String> wanted = new ArrayList<>();
        for (String name : declared.names()) {
            if (declared.flag(name, false)) {
                wanted.add(name);
            }
        }
        return List.copyOf(wanted);
    }

    /**
     * Gives the configuration of the IPAM plugin.
     *
     * @return {@code ipam}; empty where there is none
     */
    public Optional<JsonObject> ipam() {
        return json.object("ipam");
    }

    /**
     * Gives the IPAM plugin's executable. Not yet checked against the grammar.
     *
     * @return {@code ipam.type}; empty where there is none
     */
    public Optional<String> ipamType() {
        return ipam().flatMap(ipam -> ipam.text("type")).filter(type -> !type.isEmpty());
    }

    /**
     * Gives what the runtime told.
     *
     * @return {@code runtimeConfig}
     */
    public RuntimeConfig runtimeConfig() {
        return json.object(RUNTIME_CONFIG).map(RuntimeConfig::new).orElse(RuntimeConfig.EMPTY);
    }

    /**
     * Gives the result of the plugin before, or on DEL and CHECK of the whole chain.
     *
     * @return {@code prevResult}; empty where there is none
     * @throws CniException with code 1 or 6 where it cannot be read
     */
    public Optional<CniResult> prevResult() {
        return json.object(PREV_RESULT).map(result -> CniResult.read(result, version()));
    }

    /**
     * Makes the configuration that a plugin is called with.
     *
     * @param network the network's name
     * @param version the network's version
     * @param prevResult the result of the plugin before; converted to the version
     * @param arguments capability arguments; those stay that the plugin declares
     * @return the configuration
     */
    public PluginConfig forCall(
            String network, CniVersion version, Optional<CniResult> prevResult, RuntimeConfig arguments) {
        JsonObject call = json.with(NAME, network).with(VERSION, version.toString());
        if (prevResult.isPresent()) {
            call = call.with(PREV_RESULT, prevResult.get().as(version).toJson());
        }
        call = call.without(CAPABILITIES);
        JsonObject told = JsonObject.EMPTY;
        for (String capability : capabilities()) {
            if (arguments.json().has(capability)) {
                told = told.with(capability, arguments.json().get(capability));
            }
        }
        if (!told.names().isEmpty()) {
            call = call.with(RUNTIME_CONFIG, told);
        }
        return new PluginConfig(type, call);
    }
}
