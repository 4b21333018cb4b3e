package io.podnet.cni.host;

import io.podnet.api.PodnetException;
import io.podnet.cni.process.PluginLimits;
import io.podnet.cni.process.PluginPath;
import io.podnet.cni.runtime.ConfigDirectory;
import io.podnet.cni.spec.CniEnvironment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The plugin's own settings.
 *
 * @param network the network's name; empty for the first in the directory
 * @param configurations where networks are configured
 * @param path where plugins are
 * @param cacheDirectory where results are kept; empty for the node's own directory
 * @param limits what one run of a plugin may take
 * @param exclusive nobody else uses the network, so that what is not this node's is nobody's
 */
record CniOptions(
        Optional<String> network,
        ConfigDirectory configurations,
        PluginPath path,
        Optional<Path> cacheDirectory,
        PluginLimits limits,
        boolean exclusive) {
    private static final Set<String> NAMES = Set.of(
            "network", "confDir", "binDir", "cacheDir", "timeoutSeconds", "trustedFilesOnly", "exclusiveNetwork");
    private static final int LONGEST_SECONDS = 3600;

    static CniOptions parse(Map<String, String> options) {
        Set<String> unknown = new TreeSet<>(options.keySet());
        unknown.removeAll(NAMES);
        if (!unknown.isEmpty()) {
            throw new PodnetException.Invalid(
                    "the cni plugin has no options " + unknown + "; it has " + new TreeSet<>(NAMES));
        }
        boolean trustedOnly = flag(options, "trustedFilesOnly", true);
        List<Path> path =
                CniEnvironment.directories(options.getOrDefault("binDir", "/opt/cni/bin:/usr/lib/cni")).stream()
                        .map(directory -> absolute("binDir", directory))
                        .toList();
        return new CniOptions(
                Optional.ofNullable(options.get("network")),
                new ConfigDirectory(
                        absolute("confDir", options.getOrDefault("confDir", "/etc/cni/net.d")), trustedOnly),
                new PluginPath(path, trustedOnly),
                Optional.ofNullable(options.get("cacheDir")).map(directory -> absolute("cacheDir", directory)),
                PluginLimits.DEFAULT.within(seconds(options.getOrDefault("timeoutSeconds", "60"))),
                flag(options, "exclusiveNetwork", false));
    }

    private static boolean flag(Map<String, String> options, String name, boolean otherwise) {
        String text = options.getOrDefault(name, Boolean.toString(otherwise));
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new PodnetException.Invalid("option " + name + "='" + text + "' is not true or false");
        };
    }

    private static Duration seconds(String text) {
        if (!text.matches("[1-9][0-9]{0,3}") || Integer.parseInt(text) > LONGEST_SECONDS) {
            throw new PodnetException.Invalid(
                    "option timeoutSeconds='" + text + "' is not a number from 1 to " + LONGEST_SECONDS);
        }
        return Duration.ofSeconds(Integer.parseInt(text));
    }

    private static Path absolute(String option, String text) {
        Path path = Path.of(text);
        if (!path.isAbsolute()) {
            throw new PodnetException.Invalid("option " + option + "='" + text + "' is not an absolute path");
        }
        return path;
    }
}
