package io.podnet.cni.runtime;

import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.cni.spec.CniException;
import io.podnet.cni.spec.CniNames;
import io.podnet.cni.spec.JsonObject;
import io.podnet.cni.spec.NetworkConfigList;
import io.podnet.cni.spec.PluginConfig;
import io.podnet.cni.spec.ValidAttachment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who holds addresses of the reference IPAM plugin {@code host-local}, which has no GC of its own: a file for each address,
 * with container id and interface name in two lines. Read only; its owner gives an address back by DEL.
 */
final class HostLocalLeases {
    private static final Logger LOG = LoggerFactory.getLogger(HostLocalLeases.class);
    private static final String DEFAULT_DIRECTORY = "/var/lib/cni/networks";
    // Container id and interface name are far below; anything larger is not host-local's.
    private static final int LARGEST = 4096;

    private HostLocalLeases() {}

    static Set<ValidAttachment> owners(NetworkConfigList list) {
        Set<ValidAttachment> owners = new LinkedHashSet<>();
        for (PluginConfig plugin : list.plugins()) {
            plugin.ipam()
                    .filter(ipam -> ipam.text("type").orElse("").equals("host-local"))
                    .ifPresent(ipam -> owners.addAll(owners(directory(ipam).resolve(list.name()))));
        }
        return owners;
    }

    private static Path directory(JsonObject ipam) {
        return Path.of(ipam.text("dataDir").filter(text -> !text.isEmpty()).orElse(DEFAULT_DIRECTORY));
    }

    private static Set<ValidAttachment> owners(Path leases) {
        Set<ValidAttachment> owners = new LinkedHashSet<>();
        if (!Files.isDirectory(leases)) {
            return owners;
        }
        try (Stream<Path> files = Files.list(leases)) {
            for (Path file : files.sorted().toList()) {
                if (isAddress(file.getFileName().toString())) {
                    owner(file).ifPresent(owners::add);
                }
            }
        } catch (IOException e) {
            throw new PodnetException.StateFailure("leases in " + leases + " cannot be listed: " + e, e);
        }
        return owners;
    }

    private static boolean isAddress(String name) {
        try {
            // Not on every file system may a name have colons, so host-local writes '_' where it may not.
            return IpAddress.parse(name.replace('_', ':')).toString().length() > 1;
        } catch (PodnetException.Invalid e) {
            return false;
        }
    }

    private static Optional<ValidAttachment> owner(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                return Optional.empty();
            }
            String[] lines = Files.readString(file, StandardCharsets.ISO_8859_1).split("\r?\n", -1);
            String ifName = lines.length > 1 ? lines[1].strip() : "";
            return Optional.of(
                    new ValidAttachment(CniNames.containerId(lines[0].strip()), CniNames.interfaceName(ifName)));
        } catch (IOException | CniException e) {
            LOG.atDebug()
                    .addKeyValue("file", file)
                    .log("a lease has no owner that could give it back: {}", e.toString());
            return Optional.empty();
        }
    }
}
