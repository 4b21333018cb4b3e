package io.podnet.bridge;

import io.podnet.api.PodnetException;
import io.podnet.netlink.route.Link;
import io.podnet.netlink.route.Links;
import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.AttachmentStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whose a bridge is: the state directory's that its alias names. Nodes with different directories know nothing of each
 * other's pods, so that on one bridge each would give addresses that the other gives too, and take the other's pods for
 * leftovers. A bridge that is the user's ({@link BridgeOptions#keepBridge}) is nobody's, as in CNI, whose networks share one.
 *
 * @param stateDirectory this node's
 * @param attachments this node's
 * @param links of the node's namespace
 */
record BridgeOwner(Path stateDirectory, AttachmentStore attachments, Links links) {
    /** The alias of a bridge that was made by Podnet and belongs to no node. */
    static final String MADE = "podnet";

    private static final String MADE_FOR = MADE + " ";
    private static final String USED_BY = "used by podnet ";
    // IFALIASZ, linux/if.h.
    private static final int LONGEST_ALIAS = 255;

    /** Tells whether a bridge was made by Podnet. */
    static boolean isMade(Link bridge) {
        return bridge.alias().equals(MADE) || bridge.alias().startsWith(MADE_FOR);
    }

    /** The alias of a bridge that this node makes. */
    String aliasOfMade() {
        return MADE_FOR + name();
    }

    /** The alias of a bridge that is there; empty where it has one of somebody else's, which stays. */
    Optional<String> aliasOf(Link bridge) {
        if (isMade(bridge)) {
            return Optional.of(aliasOfMade());
        }
        return bridge.alias().isEmpty() || bridge.alias().startsWith(USED_BY)
                ? Optional.of(USED_BY + name())
                : Optional.empty();
    }

    /** A path that no alias can hold is known by its hash. */
    private String name() {
        String path = stateDirectory.toString();
        int room = LONGEST_ALIAS - USED_BY.length();
        return path.getBytes(StandardCharsets.UTF_8).length <= room ? path : "sha256:" + LinkNames.digest(path);
    }

    /**
     * Refuses a bridge that is another node's, before anything is changed. Where its directory is gone, as with a file system
     * in memory, the bridge is free as soon as no pod is on it: a pod's port tells that somebody lives, or should be looked for.
     *
     * @throws PodnetException.Conflict where it is another's
     */
    void require(Link bridge) {
        Optional<String> owner = ownerOf(bridge.alias());
        if (owner.filter(name()::equals).isPresent()) {
            return;
        }
        owner.filter(BridgeOwner::mayBeThere).ifPresent(other -> {
            throw new PodnetException.Conflict(
                    "bridge " + bridge.name() + " belongs to the node whose files are in " + other
                            + ", and this one's are in " + stateDirectory
                            + ": each would give addresses that the other gives too;"
                            + " give this node a bridge of its own with the option 'bridge', or start it with that state directory,"
                            + " or remove everything of that node and its state directory first");
        });
        Set<String> known = attachments.list().stream()
                .map(AttachmentRecord::id)
                .map(LinkNames::hostPort)
                .collect(Collectors.toSet());
        links.listPorts(bridge.index()).stream()
                .filter(port -> port.group() == LinkNames.GROUP_LIVE && !known.contains(port.name()))
                .findFirst()
                .ifPresent(port -> {
                    throw new PodnetException.Conflict("bridge " + bridge.name() + " has the pod's port " + port.name()
                            + ", of which this node's files in " + stateDirectory + " know nothing"
                            + owner.map(gone -> "; the pod's own were in " + gone)
                                    .orElse("")
                            + "; give this node a bridge of its own with the option 'bridge', or remove what is left of"
                            + " the other: 'ip link delete " + port.name() + "' for each port");
                });
    }

    private static Optional<String> ownerOf(String alias) {
        for (String prefix : Set.of(MADE_FOR, USED_BY)) {
            if (alias.startsWith(prefix)) {
                return Optional.of(alias.substring(prefix.length()));
            }
        }
        return Optional.empty();
    }

    private static boolean mayBeThere(String owner) {
        return !owner.startsWith("/") || Files.exists(Path.of(owner));
    }
}
