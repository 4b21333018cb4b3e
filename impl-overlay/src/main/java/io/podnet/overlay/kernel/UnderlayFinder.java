package io.podnet.overlay.kernel;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import io.podnet.netlink.route.AssignedAddress;
import io.podnet.netlink.route.Link;
import io.podnet.netlink.route.RouteNetlink;
import io.podnet.overlay.model.NetworkSettings;
import io.podnet.overlay.model.Underlay;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Finds by which address the node reaches others: as it was told, else by the default route, else by the first link. */
final class UnderlayFinder {
    private final RouteNetlink node;
    private final NetworkSettings settings;
    private final List<String> wanted;

    /** Given addresses or names of links, none to choose freely. */
    UnderlayFinder(RouteNetlink node, NetworkSettings settings, List<String> wanted) {
        this.node = node;
        this.settings = settings;
        this.wanted = wanted;
    }

    /** An address and the link that it is on. */
    private record Candidate(AssignedAddress assigned, Link link) {
        boolean isNamedIn(List<String> wanted) {
            return wanted.contains(assigned.address().address().toString()) || wanted.contains(link.name());
        }
    }

    List<Underlay> find() {
        List<Candidate> candidates = candidates();
        List<Underlay> found = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            choose(family, candidates)
                    .ifPresent(chosen -> found.add(new Underlay(
                            chosen.assigned().address(),
                            chosen.link().name(),
                            chosen.link().mtu())));
        }
        if (found.isEmpty()) {
            throw new PodnetException.NotFound("the node has no address to reach others by"
                    + (wanted.isEmpty() ? "" : " among " + wanted)
                    + "; give it one, or set the option 'underlay' to an address or a link of the node");
        }
        return found;
    }

    private List<Candidate> candidates() {
        Map<Integer, Link> links = node.links().list().stream()
                .filter(link -> link.isUp() && !link.isLoopback())
                .filter(link -> !link.name().startsWith(settings.devicePrefix()))
                .collect(Collectors.toMap(Link::index, Function.identity()));
        return node.addresses().list().stream()
                .filter(each -> usable(each.address().address()) && !each.isTentative() && !each.isDuplicate())
                .flatMap(each -> Optional.ofNullable(links.get(each.linkIndex())).stream()
                        .map(link -> new Candidate(each, link)))
                .sorted(Comparator.comparingInt(each -> each.link().index()))
                .toList();
    }

    private boolean usable(IpAddress address) {
        return !address.isLinkLocal() && !address.isLoopback() && !settings.inPodNetwork(address);
    }

    private Optional<Candidate> choose(IpFamily family, List<Candidate> candidates) {
        List<Candidate> own = candidates.stream()
                .filter(each -> each.assigned().address().address().family() == family)
                .toList();
        if (!wanted.isEmpty()) {
            return own.stream().filter(each -> each.isNamedIn(wanted)).findFirst();
        }
        Optional<Integer> byDefault = node.routes().list(family).stream()
                .filter(route -> route.destination().prefixLength() == 0)
                .map(route -> route.linkIndex())
                .findFirst();
        return own.stream()
                .filter(each -> byDefault.equals(Optional.of(each.link().index())))
                .findFirst()
                .or(() -> own.stream().findFirst());
    }
}
