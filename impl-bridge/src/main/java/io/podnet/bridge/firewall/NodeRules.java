package io.podnet.bridge.firewall;

import io.podnet.api.Cidr;
import io.podnet.api.IpFamily;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a node does to the packets of all its pods.
 *
 * @param podCidrs networks of the pods on this bridge, either family
 * @param masquerade true to have packets of pods leave with the node's address, as kubenet does
 * @param nonMasqueradeCidrs destinations that see the pods' own addresses, besides the pod networks; 0.0.0.0/0 or ::/0
 *     turns masquerade off for its family
 * @param antiSpoofing true to drop what a pod sends in another's name
 * @param promiscuousBridge what is needed where the bridge is promiscuous (kubenet's {@code promiscuous-bridge}), or empty
 */
public record NodeRules(
        List<Cidr> podCidrs,
        boolean masquerade,
        List<Cidr> nonMasqueradeCidrs,
        boolean antiSpoofing,
        Optional<PromiscuousBridge> promiscuousBridge) {
    public NodeRules {
        podCidrs = List.copyOf(podCidrs);
        nonMasqueradeCidrs = List.copyOf(nonMasqueradeCidrs);
        Objects.requireNonNull(promiscuousBridge, "promiscuousBridge");
    }

    /** Tells whether packets of any family are masqueraded. */
    boolean masquerades() {
        return Arrays.stream(IpFamily.values()).anyMatch(this::masquerades);
    }

    /**
     * Tells whether packets of a family are masqueraded at all.
     *
     * @param family the family
     * @return false where there are no pods of it or all destinations are exempt
     */
    boolean masquerades(IpFamily family) {
        return masquerade
                && podCidrs.stream().anyMatch(cidr -> cidr.family() == family)
                && nonMasqueradeCidrs.stream().noneMatch(cidr -> cidr.family() == family && cidr.prefixLength() == 0);
    }
}
