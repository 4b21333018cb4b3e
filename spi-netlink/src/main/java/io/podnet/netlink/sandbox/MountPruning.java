package io.podnet.netlink.sandbox;

import io.podnet.netlink.sandbox.MountTable.Mount;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Finds the fewest unmounts that take unwanted mounts away and nothing else. A directory that is a mount on itself and
 * carries unwanted mounts only, as /run/netns does, goes in one: without it the directory looks the same.
 */
final class MountPruning {
    private final Predicate<Mount> unwanted;
    private final Map<Integer, Mount> byId = new HashMap<>();
    private final Map<Integer, List<Mount>> children = new HashMap<>();
    private final Map<Integer, Boolean> dispensable = new HashMap<>();

    private MountPruning(MountTable table, Predicate<Mount> unwanted) {
        this.unwanted = unwanted;
        for (Mount mount : table.mounts()) {
            byId.put(mount.id(), mount);
            children.computeIfAbsent(mount.parent(), id -> new ArrayList<>()).add(mount);
        }
    }

    /** Gives the mount points to detach, those on top first. */
    static List<String> points(MountTable table, Predicate<Mount> unwanted) {
        MountPruning pruning = new MountPruning(table, unwanted);
        Set<String> kept = new HashSet<>();
        List<String> points = new ArrayList<>();
        for (Mount mount : table.mounts()) {
            if (!pruning.isDispensable(mount)) {
                kept.add(mount.point());
            } else if (!pruning.goesWithItsParent(mount)) {
                points.add(0, mount.point());
            }
        }
        // By its path one could only detach what lies on top there, which may be a mount to be kept.
        points.removeIf(kept::contains);
        return points;
    }

    private boolean goesWithItsParent(Mount mount) {
        Mount parent = byId.get(mount.parent());
        return parent != null && isDispensable(parent) && !parent.point().equals(mount.point());
    }

    private boolean isDispensable(Mount mount) {
        Boolean known = dispensable.get(mount.id());
        if (known == null) {
            known = unwanted.test(mount) || isEmptyWithoutTheUnwanted(mount);
            dispensable.put(mount.id(), known);
        }
        return known;
    }

    private boolean isEmptyWithoutTheUnwanted(Mount mount) {
        Mount parent = byId.get(mount.parent());
        List<Mount> above = children.getOrDefault(mount.id(), List.of());
        return parent != null
                && !above.isEmpty()
                && mount.isSelfBindOn(parent)
                && above.stream().allMatch(this::isDispensable);
    }
}
