package io.podnet.cni.runtime;

import io.podnet.api.PodnetException;
import io.podnet.cni.process.TrustedFiles;
import io.podnet.cni.spec.CniException;
import io.podnet.cni.spec.JsonObject;
import io.podnet.cni.spec.NetworkConfigList;
import io.podnet.cni.spec.PluginConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The directory with the networks' configurations, {@code /etc/cni/net.d} by convention. By libcni's rules lists come before
 * single files, each in the order of their names, and a list takes further plugins from files {@code NAME/*.conf} beside it.
 * Unlike libcni one broken file does not hide the networks of all others.
 *
 * @param directory the directory
 * @param trustedOnly refuse files that other users may write
 */
public record ConfigDirectory(Path directory, boolean trustedOnly) {
    private static final int LARGEST = 1 << 20;

    /**
     * A file that has no network to offer.
     *
     * @param file the file
     * @param reason why
     */
    public record Skipped(Path file, String reason) {}

    /**
     * What a directory has.
     *
     * @param networks the networks, in libcni's order; of those with one name the first counts
     * @param skipped files that could not be read, or must not be
     */
    public record Networks(List<NetworkConfigList> networks, List<Skipped> skipped) {
        public Networks {
            networks = List.copyOf(networks);
            skipped = List.copyOf(skipped);
        }
    }

    /**
     * Reads everything.
     *
     * @return the networks, and the files that were skipped
     * @throws PodnetException.StateFailure where the directory cannot be read
     */
    public Networks load() {
        List<NetworkConfigList> networks = new ArrayList<>();
        List<Skipped> skipped = new ArrayList<>();
        for (Path file : files(directory, ".conflist")) {
            take(networks, skipped, file, true);
        }
        for (Path file : files(directory, ".conf", ".json")) {
            take(networks, skipped, file, false);
        }
        return new Networks(networks, skipped);
    }

    private void take(List<NetworkConfigList> networks, List<Skipped> skipped, Path file, boolean isList) {
        try {
            networks.add(isList ? list(file) : NetworkConfigList.of(PluginConfig.read(json(file))));
        } catch (CniException | PodnetException e) {
            skipped.add(new Skipped(file, "" + e.getMessage()));
        }
    }

    /**
     * Finds a network.
     *
     * @param name its name
     * @return its configuration
     * @throws PodnetException.NotFound where there is none; says which files were skipped and why
     */
    public NetworkConfigList find(String name) {
        Networks all = load();
        return all.networks().stream()
                .filter(network -> network.name().equals(name))
                .findFirst()
                .orElseThrow(() -> absent("network '" + name + "'", all));
    }

    /**
     * Finds the network that a runtime takes where nobody names one.
     *
     * @return the first
     * @throws PodnetException.NotFound where there is none; says which files were skipped and why
     */
    public NetworkConfigList first() {
        Networks all = load();
        return all.networks().stream().findFirst().orElseThrow(() -> absent("network", all));
    }

    private PodnetException absent(String what, Networks all) {
        StringBuilder message = new StringBuilder("there is no CNI " + what + " in " + directory);
        List<String> names =
                all.networks().stream().map(NetworkConfigList::name).toList();
        message.append(names.isEmpty() ? "" : "; found: " + String.join(", ", names));
        all.skipped()
                .forEach(one -> message.append("; skipped ")
                        .append(one.file())
                        .append(": ")
                        .append(one.reason()));
        return new PodnetException.NotFound(message.toString());
    }

    private NetworkConfigList list(Path file) {
        NetworkConfigList list = NetworkConfigList.read(json(file));
        if (!list.loadOnlyInlinedPlugins()) {
            List<PluginConfig> more = files(directory.resolve(list.name()), ".conf").stream()
                    .map(one -> PluginConfig.read(json(one)))
                    .toList();
            list = list.withPlugins(more);
        }
        if (list.plugins().isEmpty()) {
            throw new PodnetException.Invalid("configuration list " + file + " has no plugins, and there is no file "
                    + directory.resolve(list.name()).resolve("*.conf"));
        }
        return list;
    }

    private JsonObject json(Path file) {
        Path real = trustedOnly ? TrustedFiles.require(file) : file;
        try {
            if (Files.size(real) > LARGEST) {
                throw new PodnetException.Invalid("configuration " + file + " has more than " + LARGEST + " bytes");
            }
            return JsonObject.parse("configuration " + file, Files.readAllBytes(real));
        } catch (IOException e) {
            throw new PodnetException.StateFailure("configuration " + file + " cannot be read: " + e, e);
        }
    }

    private static List<Path> files(Path directory, String... extensions) {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> Stream.of(extensions)
                            .anyMatch(extension -> file.getFileName().toString().endsWith(extension)))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException e) {
            throw new PodnetException.StateFailure("configurations in " + directory + " cannot be listed: " + e, e);
        }
    }
}
