package io.podnet.bridge;

import io.podnet.api.Names;
import io.podnet.api.PodnetException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The plugin's own settings.
 *
 * @param bridge the bridge's name; kubenet's {@code cbr0} by default
 * @param hairpinMode how a pod reaches itself through the node
 * @param masquerade whether traffic that leaves the non-masquerade CIDRs gets the node's address
 * @param antiSpoofing whether frames with a source that is not the pod's are dropped
 * @param forceAddress whether a foreign address on an existing bridge is removed instead of refused
 * @param onLink whether pods find each other on the link by ARP, as under kubenet; otherwise through the gateway, whose
 *     neighbour entry is permanent: the kernel holds 1024 entries for all namespaces together, too few for a few dozen
 *     pods that all speak with each other
 */
record BridgeOptions(
        String bridge,
        HairpinMode hairpinMode,
        boolean masquerade,
        boolean antiSpoofing,
        boolean forceAddress,
        boolean onLink) {
    private static final Set<String> NAMES =
            Set.of("bridge", "hairpinMode", "masquerade", "antiSpoofing", "forceAddress", "onLink");

    static BridgeOptions parse(Map<String, String> options) {
        Set<String> unknown = new TreeSet<>(options.keySet());
        unknown.removeAll(NAMES);
        if (!unknown.isEmpty()) {
            throw new PodnetException.Invalid(
                    "the bridge plugin has no options " + unknown + "; it has " + new TreeSet<>(NAMES));
        }
        HairpinMode hairpinMode =
                HairpinMode.parse(options.getOrDefault("hairpinMode", HairpinMode.HAIRPIN_VETH.text()));
        boolean promiscuous = hairpinMode == HairpinMode.PROMISCUOUS_BRIDGE;
        boolean onLink = flag(options, "onLink", promiscuous);
        if (promiscuous && !onLink) {
            throw new PodnetException.Invalid("hairpinMode promiscuous-bridge needs onLink=true: its rule against"
                    + " duplicates drops what the node forwards from pod to pod");
        }
        return new BridgeOptions(
                Names.interfaceName(options.getOrDefault("bridge", "cbr0")),
                hairpinMode,
                flag(options, "masquerade", true),
                flag(options, "antiSpoofing", true),
                flag(options, "forceAddress", false),
                onLink);
    }

    private static boolean flag(Map<String, String> options, String name, boolean otherwise) {
        String text = options.getOrDefault(name, Boolean.toString(otherwise));
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new PodnetException.Invalid("option " + name + "='" + text + "' is not true or false");
        };
    }
}
