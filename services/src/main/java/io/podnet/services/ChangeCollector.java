package io.podnet.services;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Puts a {@link ModelChange} together, service by service in order. */
final class ChangeCollector {
    private final List<PortChange> ports = new ArrayList<>();
    private final List<RefusedAddress> refused = new ArrayList<>();
    private final List<LostClaim> lost = new ArrayList<>();
    private final List<ServicePortName> noEndpoints = new ArrayList<>();
    private boolean healthChanged;

    void add(ServiceState before, ServiceState after) {
        ports(before.ports(), after.ports());
        healthChanged |= !Objects.equals(before.health(), after.health());
        addNew(before.refused(), after.refused(), refused);
        addNew(before.lost(), after.lost(), lost);
        noEndpoints(before.ports(), after.ports());
    }

    private static <T> void addNew(List<T> before, List<T> after, List<T> added) {
        for (T element : after) {
            if (!before.contains(element)) {
                added.add(element);
            }
        }
    }

    /** Both lists are in order of name and family: one walk over both. */
    private void ports(List<VirtualPort> before, List<VirtualPort> after) {
        int b = 0;
        int a = 0;
        while (b < before.size() || a < after.size()) {
            VirtualPort old = b < before.size() ? before.get(b) : null;
            VirtualPort now = a < after.size() ? after.get(a) : null;
            int order = old == null ? 1 : now == null ? -1 : Decision.ORDER.compare(old, now);
            VirtualPort left = order <= 0 ? old : null;
            VirtualPort right = order >= 0 ? now : null;
            if (!Objects.equals(left, right)) {
                VirtualPort either = left != null ? left : Objects.requireNonNull(right);
                ports.add(new PortChange(
                        either.name(), either.family(), Optional.ofNullable(left), Optional.ofNullable(right)));
            }
            b += left == null ? 0 : 1;
            a += right == null ? 0 : 1;
        }
    }

    private void noEndpoints(List<VirtualPort> before, List<VirtualPort> after) {
        if (before.isEmpty() || after.stream().allMatch(VirtualPort::anyUsable)) {
            return;
        }
        Set<ServicePortName> lost = usable(before);
        lost.removeAll(usable(after));
        after.stream().map(VirtualPort::name).distinct().filter(lost::contains).forEach(noEndpoints::add);
    }

    private static Set<ServicePortName> usable(List<VirtualPort> ports) {
        Set<ServicePortName> names = new HashSet<>();
        for (VirtualPort port : ports) {
            if (port.anyUsable()) {
                names.add(port.name());
            }
        }
        return names;
    }

    ModelChange change() {
        return new ModelChange(ports, healthChanged, refused, lost, noEndpoints);
    }
}
