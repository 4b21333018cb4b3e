package io.podnet.bridge;

import io.podnet.api.Drift;
import io.podnet.netlink.route.Link;
import io.podnet.netlink.route.LinkAttributes;
import io.podnet.netlink.route.LinkKind;
import io.podnet.netlink.route.Links;
import io.podnet.netlink.route.RouteNetlink;
import io.podnet.netlink.traffic.TokenBucket;
import io.podnet.netlink.traffic.TrafficControl;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A pod's bandwidth, both families: what it receives is held back where its port sends, what it sends goes through an
 * ifb device of its own, as CNI's bandwidth plugin does it. Both are outside the pod, which so cannot lift them.
 */
final class PodShaper {
    private final Links links;
    private final TrafficControl traffic;
    private final String mark;

    PodShaper(RouteNetlink node, String mark) {
        this.mark = mark;
        this.links = node.links();
        this.traffic = new TrafficControl(node.conversation());
    }

    void setUp(PodWiring wiring) {
        if (!wiring.bandwidth().isLimited()) {
            return;
        }
        int port = links.get(wiring.hostInterface()).index();
        wiring.bandwidth().ingressBitsPerSecond().ifPresent(rate -> traffic.shape(port, TokenBucket.ofBits(rate)));
        wiring.bandwidth().egressBitsPerSecond().ifPresent(rate -> {
            String shaper = LinkNames.shaper(wiring.id());
            links.create(
                    LinkKind.ifb(),
                    AddressGeneration.off(
                            LinkAttributes.named(shaper).mtu(wiring.mtu()).group(LinkNames.GROUP_LIVE), wiring.mtu()));
            int index = links.get(shaper).index();
            traffic.shape(index, TokenBucket.ofBits(rate));
            links.change(index, LinkAttributes.none().alias(mark).up());
            traffic.redirectIngress(port, index);
        });
    }

    /** Puts the limits back, anew where one is not as it should be. */
    void repair(PodWiring wiring) {
        if (check(wiring).isEmpty()) {
            return;
        }
        remove(wiring);
        setUp(wiring);
    }

    /** Removes the ifb device and waits for it; the port's own settings go with the port. */
    void remove(PodWiring wiring) {
        if (wiring.bandwidth().egressBitsPerSecond().isPresent()) {
            links.delete(LinkNames.shaper(wiring.id()));
        }
    }

    List<Drift> check(PodWiring wiring) {
        List<Drift> drifts = new ArrayList<>();
        String port = wiring.hostInterface();
        String shaper = LinkNames.shaper(wiring.id());
        compare(drifts, port, wiring.bandwidth().ingressBitsPerSecond());
        compare(drifts, shaper, wiring.bandwidth().egressBitsPerSecond());
        if (wiring.bandwidth().egressBitsPerSecond().isPresent()) {
            OptionalInt redirect = links.find(port)
                    .map(link -> traffic.ingressRedirect(link.index()))
                    .orElse(OptionalInt.empty());
            int wanted = links.find(shaper).map(Link::index).orElse(0);
            if (redirect.isEmpty() || redirect.getAsInt() != wanted) {
                drifts.add(new Drift("filter", port, "ingress redirected to " + shaper, "absent"));
            }
        }
        return drifts;
    }

    private void compare(List<Drift> drifts, String name, OptionalLong rate) {
        rate.ifPresent(bits -> {
            TokenBucket wanted = TokenBucket.ofBits(bits);
            TokenBucket shown = links.find(name)
                    .flatMap(link -> traffic.shaping(link.index()))
                    .orElse(null);
            if (shown == null || !wanted.isShownAs(shown)) {
                drifts.add(new Drift("qdisc", name, wanted.toString(), shown == null ? "absent" : shown.toString()));
            }
        });
    }
}
