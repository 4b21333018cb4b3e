package io.podnet.bridge;

import io.podnet.api.Plan;
import io.podnet.spi.AttachmentRecord;
import java.util.ArrayList;
import java.util.List;

/** A wiring's plan: the kernel objects that set-up would make, in its order. */
final class PodPlan {
    private PodPlan() {}

    static List<Plan.Step> of(PodWiring wiring, AttachmentRecord record, BridgeOptions options) {
        List<Plan.Step> steps = new ArrayList<>();
        if (record.ownsNetns()) {
            steps.add(create("namespace", record.netns().toString(), "net"));
        }
        steps.add(create(
                "link",
                wiring.hostInterface(),
                "veth, peer " + wiring.podInterface() + " in the pod, master " + options.bridge() + ", mtu "
                        + wiring.mtu() + ", hairpin " + (options.hairpinMode() == HairpinMode.HAIRPIN_VETH)));
        steps.add(create("link", wiring.podInterface(), "veth, address " + wiring.podMac()));
        wiring.allAddresses()
                .forEach(address -> steps.add(create("address", address.toString(), "dev " + wiring.podInterface())));
        wiring.routes()
                .forEach(route -> steps.add(create(
                        "route",
                        route.isDefault() ? "default" : route.destination().toString(),
                        route.gateway().map(gateway -> "via " + gateway + " ").orElse("") + "dev "
                                + wiring.podInterface())));
        wiring.bandwidth()
                .ingressBitsPerSecond()
                .ifPresent(rate -> steps.add(create(
                        "qdisc", wiring.hostInterface(), "tbf, rate " + rate + " bit/s, what the pod receives")));
        wiring.bandwidth()
                .egressBitsPerSecond()
                .ifPresent(rate -> steps.add(create(
                        "qdisc",
                        LinkNames.shaper(wiring.id()),
                        "tbf on ifb, rate " + rate + " bit/s, what the pod sends")));
        return steps;
    }

    private static Plan.Step create(String kind, String name, String detail) {
        return new Plan.Step(Plan.Action.CREATE, kind, name, detail);
    }
}
